import type { HomeView, KnownBlock, RichTextElement } from '@slack/types';
import type { Conversation, RecordingState } from '../../core/conversation/types.ts';
import { bold, emoji, line, link, words } from './rich.ts';
import { clean } from './text.ts';

const TITLE_MAX = 120;
const SENTENCE_MAX = 300;
/** Well below a view's 100 blocks, and as far back as anybody looks here. */
export const HOME_CONVERSATIONS = 20;

export interface HomeEntry {
  readonly conversation: Conversation;
  /** Address of its thread; null when Slack did not tell. */
  readonly permalink: string | null;
}

/** A person's App Home: what Parley does, and what became of the conversations they brought. */
export const buildHome = (entries: readonly HomeEntry[]): HomeView => ({
  type: 'home',
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: 'Talk, as text your team can use' } },
    line(
      words('Post an audio or video file in a channel that Parley is in, or send it to Parley directly: '),
      words('its thread gets who said what and who spoke how much. For a recording behind a link, type '),
      { type: 'text', text: '/transcribe link', style: { code: true } },
      words('. For an earlier message, choose “Transcribe” from its menu.'),
    ),
    { type: 'divider' },
    { type: 'header', text: { type: 'plain_text', text: 'Your recent conversations' } },
    ...(entries.length === 0 ? [NOTHING_YET] : entries.slice(0, HOME_CONVERSATIONS).map(entryBlock)),
  ],
});

const NOTHING_YET: KnownBlock = line(words('Nothing yet. Post a recording, and it shows up here.'));

const entryBlock = ({ conversation, permalink }: HomeEntry): KnownBlock => {
  const { icon, standing } = describeState(conversation.state);
  const title = clean(conversation.title, TITLE_MAX) || 'Recording';
  return line(
    emoji(icon),
    words(' '),
    permalink === null ? bold(title) : link(permalink, title),
    words('\n'),
    dated(conversation.createdAtMs),
    words(' in '),
    { type: 'channel', channel_id: conversation.thread.channelId },
    words(` · ${standing}`),
  );
};

/** In the reader's own language and time zone, which only their Slack knows. */
const dated = (atMs: number): RichTextElement => ({
  type: 'date',
  timestamp: Math.floor(atMs / 1000),
  format: '{date_short_pretty} at {time}',
  fallback: new Date(atMs).toISOString().slice(0, 16).replace('T', ' '),
});

const describeState = (state: RecordingState): { icon: string; standing: string } => {
  switch (state.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', standing: 'waits for its turn' };
    case 'transcribing':
      return { icon: 'headphones', standing: 'is being transcribed' };
    case 'heard':
      return { icon: 'bar_chart', standing: 'is transcribed and about to be posted' };
    case 'published':
      return { icon: 'white_check_mark', standing: 'transcribed' };
    case 'failed':
      return { icon: 'warning', standing: clean(state.message, SENTENCE_MAX) };
  }
};
