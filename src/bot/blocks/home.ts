import type { ActionsBlock, Button, HomeView, KnownBlock, RichTextElement } from '@slack/types';
import type {
  Conversation,
  MeetingConversation,
  RecordingState,
  Undelivered,
} from '../../core/conversation/types.ts';
import { ACTIONS } from './actions.ts';
import { joinButton } from './meeting-card.ts';
import { bold, code, date, emoji, line, link, words } from './rich.ts';
import { clean } from './text.ts';
import { undeliveredReason } from './why-not-posted.ts';

const TITLE_MAX = 120;
const SENTENCE_MAX = 300;
const NUMBER_MAX = 40;
/** With two blocks each well below a view's 100, and as far back as anybody looks here. */
export const HOME_ENTRIES_MAX = 20;

export interface HomeEntry {
  readonly conversation: Conversation;
  /** Address of its thread; null when Slack did not tell. */
  readonly permalink: string | null;
}

/** What a person's App Home shows of them. */
export interface HomeData {
  readonly entries: readonly HomeEntry[];
  /** Of their own telephone, as one writes it; null when none is known. */
  readonly ownNumber: string | null;
  /** Whether they can have telephones rung at all. */
  readonly mayCall: boolean;
  /** Whether they may decide about the workspace's calls. */
  readonly mayDecide: boolean;
}

/** A person's App Home: what Parley does, and what became of the conversations they brought. */
export const buildHome = ({ entries, ownNumber, mayCall, mayDecide }: HomeData): HomeView => ({
  type: 'home',
  blocks: [
    { type: 'header', text: { type: 'plain_text', text: 'Talk, as text your team can use' } },
    line(
      words('Post an audio or video file in a channel that Parley is in, or send it to Parley directly: '),
      words('its thread gets who said what and who spoke how much. For a recording behind a link, type '),
      code('/transcribe link'),
      words('. For an earlier message, choose “Transcribe” from its menu.'),
    ),
    line(
      words('To talk now, type '),
      code('/meet title'),
      words(' in a channel: everybody there can join, with live captions, and the thread gets the same.'),
    ),
    ...(mayCall ? [HOW_TO_CALL] : []),
    line(emoji('telephone_receiver'), words(' Your phone number: '), ...numberOf(ownNumber)),
    buttonsOf({ hasNumber: ownNumber !== null, mayCall, mayDecide }),
    { type: 'divider' },
    { type: 'header', text: { type: 'plain_text', text: 'Your recent conversations' } },
    ...(entries.length === 0 ? [NOTHING_YET] : entries.slice(0, HOME_ENTRIES_MAX).flatMap(entryBlocks)),
  ],
});

const HOW_TO_CALL: KnownBlock = line(
  words('To call somebody, type '),
  code('/call +44 20 7946 0000 about the invoice'),
  words(' or '),
  code('/call @teammate'),
  words(' in a channel: Parley shows what it understood, rings, and captions both sides.'),
);

const numberOf = (ownNumber: string | null): RichTextElement[] =>
  ownNumber === null
    ? [words('none yet. With one, you can talk from your own phone when you call.')]
    : [bold(clean(ownNumber, NUMBER_MAX)), words('. “Use my phone” rings it first when you call.')];

const buttonsOf = (may: { hasNumber: boolean; mayCall: boolean; mayDecide: boolean }): ActionsBlock => ({
  type: 'actions',
  elements: [
    button(ACTIONS.startMeeting, 'Start a meeting'),
    ...(may.mayCall ? [button(ACTIONS.startCall, 'Call a telephone')] : []),
    button(ACTIONS.changeOwnNumber, may.hasNumber ? 'Change your number' : 'Save your number'),
    ...(may.mayDecide ? [button(ACTIONS.callSettings, 'Call settings')] : []),
  ],
});

const button = (actionId: string, text: string): Button => ({
  type: 'button',
  action_id: actionId,
  text: { type: 'plain_text', text },
});

const NOTHING_YET: KnownBlock = line(
  words('Nothing yet. Post a recording, start a meeting or call somebody, and it shows up here.'),
);

const entryBlocks = ({ conversation, permalink }: HomeEntry): KnownBlock[] => {
  const { icon, status } = describe(conversation);
  const title = clean(conversation.title, TITLE_MAX) || UNTITLED[conversation.kind];
  const said = line(
    emoji(icon),
    words(' '),
    permalink === null ? bold(title) : link(permalink, title),
    words('\n'),
    dated(conversation.createdAtMs),
    words(' in '),
    { type: 'channel', channel_id: channelOf(conversation) },
    words(` · ${status}`),
  );
  if (conversation.kind === 'recording' || conversation.state.name !== 'open') return [said];
  const join = joinButton(ACTIONS.joinFromHome, conversation.id, conversation.kind);
  return [said, { type: 'actions', elements: [join] }];
};

const UNTITLED = { recording: 'Recording', meeting: 'Meeting', call: 'Call' } as const;

const channelOf = (conversation: Conversation): string =>
  (conversation.kind === 'recording' ? conversation.thread : conversation.channel).channelId;

const dated = (atMs: number) =>
  date(atMs, '{date_short_pretty} at {time}', new Date(atMs).toISOString().slice(0, 16).replace('T', ' '));

interface Status {
  readonly icon: string;
  readonly status: string;
}

const describe = (conversation: Conversation): Status =>
  conversation.kind === 'recording' ? describeRecording(conversation.state) : describeMeeting(conversation);

const describeRecording = (state: RecordingState): Status => {
  switch (state.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', status: 'waits for its turn' };
    case 'transcribing':
      return { icon: 'headphones', status: 'is being transcribed' };
    case 'transcribed':
      return TRANSCRIBED;
    case 'published':
      return PUBLISHED;
    case 'undelivered':
      return describeUnposted(state);
    case 'failed':
      return { icon: 'warning', status: clean(state.message, SENTENCE_MAX) };
  }
};

const ICONS = { meeting: 'movie_camera', call: 'telephone_receiver' } as const;
const OPEN = { meeting: 'is open, and nobody has come yet', call: 'is being made' } as const;

/** Of a meeting, or of a call, which is a meeting that began with a telephone. */
const describeMeeting = ({ kind, state, startedAtMs }: MeetingConversation): Status => {
  switch (state.name) {
    case 'opening':
      return { icon: ICONS[kind], status: 'is about to open' };
    case 'open':
      return startedAtMs === null
        ? { icon: ICONS[kind], status: OPEN[kind] }
        : { icon: 'red_circle', status: 'is live' };
    case 'ending':
    case 'ended':
      return { icon: 'hourglass_flowing_sand', status: 'has ended, and its words are put together' };
    case 'transcribed':
      return TRANSCRIBED;
    case 'published':
      return PUBLISHED;
    case 'undelivered':
      return describeUnposted(state);
    case 'failed':
      return { icon: 'warning', status: clean(state.message, SENTENCE_MAX) };
  }
};

const describeUnposted = ({ because, sent }: Undelivered): Status => {
  const why = `because ${undeliveredReason(because)}`;
  return sent
    ? {
        icon: 'incoming_envelope',
        status: `is transcribed. It could not be posted, ${why}, so Parley sent it to you alone, under Messages`,
      }
    : { icon: 'warning', status: `is transcribed, but could not be posted, ${why}` };
};

const TRANSCRIBED: Status = { icon: 'bar_chart', status: 'is transcribed and about to be posted' };
const PUBLISHED: Status = { icon: 'white_check_mark', status: 'transcribed' };
