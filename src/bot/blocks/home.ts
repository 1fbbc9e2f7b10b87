import type { ActionsBlock, HomeView, KnownBlock } from '@slack/types';
import type { Conversation, MeetingConversation, RecordingState } from '../../core/conversation/types.ts';
import { ACTIONS } from './actions.ts';
import { joinButton } from './meeting-card.ts';
import { bold, date, emoji, line, link, words } from './rich.ts';
import { clean } from './text.ts';

const TITLE_MAX = 120;
const SENTENCE_MAX = 300;
/** With two blocks each well below a view's 100, and as far back as anybody looks here. */
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
    line(
      words('To talk now, type '),
      { type: 'text', text: '/meet title', style: { code: true } },
      words(' in a channel: everybody there can join, with live captions, and the thread gets the same.'),
    ),
    START_MEETING,
    { type: 'divider' },
    { type: 'header', text: { type: 'plain_text', text: 'Your recent conversations' } },
    ...(entries.length === 0 ? [NOTHING_YET] : entries.slice(0, HOME_CONVERSATIONS).flatMap(entryBlocks)),
  ],
});

const START_MEETING: ActionsBlock = {
  type: 'actions',
  elements: [
    {
      type: 'button',
      action_id: ACTIONS.startMeeting,
      text: { type: 'plain_text', text: 'Start a meeting' },
    },
  ],
};

const NOTHING_YET: KnownBlock = line(
  words('Nothing yet. Post a recording or start a meeting, and it shows up here.'),
);

const entryBlocks = ({ conversation, permalink }: HomeEntry): KnownBlock[] => {
  const { icon, standing } = describe(conversation);
  const title = clean(conversation.title, TITLE_MAX) || UNTITLED[conversation.kind];
  const said = line(
    emoji(icon),
    words(' '),
    permalink === null ? bold(title) : link(permalink, title),
    words('\n'),
    dated(conversation.createdAtMs),
    words(' in '),
    { type: 'channel', channel_id: channelOf(conversation) },
    words(` · ${standing}`),
  );
  const isOpen = conversation.kind === 'meeting' && conversation.state.name === 'open';
  return isOpen
    ? [said, { type: 'actions', elements: [joinButton(ACTIONS.joinFromHome, conversation.id)] }]
    : [said];
};

const UNTITLED = { recording: 'Recording', meeting: 'Meeting' } as const;

const channelOf = (conversation: Conversation): string =>
  (conversation.kind === 'meeting' ? conversation.channel : conversation.thread).channelId;

const dated = (atMs: number) =>
  date(atMs, '{date_short_pretty} at {time}', new Date(atMs).toISOString().slice(0, 16).replace('T', ' '));

interface Standing {
  readonly icon: string;
  readonly standing: string;
}

const describe = (conversation: Conversation): Standing =>
  conversation.kind === 'meeting' ? describeMeeting(conversation) : describeRecording(conversation.state);

const describeRecording = (state: RecordingState): Standing => {
  switch (state.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', standing: 'waits for its turn' };
    case 'transcribing':
      return { icon: 'headphones', standing: 'is being transcribed' };
    case 'heard':
      return HEARD;
    case 'published':
      return PUBLISHED;
    case 'failed':
      return { icon: 'warning', standing: clean(state.message, SENTENCE_MAX) };
  }
};

const describeMeeting = ({ state, startedAtMs }: MeetingConversation): Standing => {
  switch (state.name) {
    case 'opening':
      return { icon: 'movie_camera', standing: 'is about to open' };
    case 'open':
      return startedAtMs === null
        ? { icon: 'movie_camera', standing: 'is open, and nobody has come yet' }
        : { icon: 'red_circle', standing: 'is live' };
    case 'ending':
    case 'ended':
      return { icon: 'hourglass_flowing_sand', standing: 'has ended, and its words are put together' };
    case 'heard':
      return HEARD;
    case 'published':
      return PUBLISHED;
    case 'failed':
      return { icon: 'warning', standing: clean(state.message, SENTENCE_MAX) };
  }
};

const HEARD: Standing = { icon: 'bar_chart', standing: 'is transcribed and about to be posted' };
const PUBLISHED: Standing = { icon: 'white_check_mark', standing: 'transcribed' };
