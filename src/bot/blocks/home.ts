import type { ActionsBlock, HomeView, KnownBlock, RichTextElement } from '@slack/types';
import type {
  Conversation,
  MeetingConversation,
  RecordingState,
  Undelivered,
} from '../../core/conversation/types.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { CommandNames } from '../commands.ts';
import { UNTITLED, undeliveredReason } from '../sentences/common.ts';
import { HOME, STATUS } from '../sentences/home.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { joinButton } from './meeting-card.ts';
import { bold, code, date, emoji, line, link, words } from './rich.ts';
import { clean } from './text.ts';

const TITLE_MAX = 120;
const SENTENCE_MAX = 300;
const NUMBER_MAX = 40;
/** With two blocks each well below a view's 100. */
export const HOME_ENTRIES_MAX = 20;

export interface HomeEntry {
  readonly conversation: Conversation;
  /** Address of its thread; null when Slack does not give one. */
  readonly permalink: string | null;
}

/** What one member's App Home shows. */
export interface HomeData {
  readonly commands: CommandNames;
  readonly entries: readonly HomeEntry[];
  /** The member's own phone number, formatted; null when none is saved. */
  readonly ownNumber: string | null;
  readonly mayCall: boolean;
  /** Whether they may change the workspace's call settings. */
  readonly mayChangeSettings: boolean;
}

/** A member's App Home: what they can start, their recent recordings, meetings and calls, and what Parley does. */
export const buildHome = ({
  commands,
  entries,
  ownNumber,
  mayCall,
  mayChangeSettings,
}: HomeData): HomeView => ({
  type: 'home',
  blocks: [
    buttonsOf({ hasNumber: ownNumber !== null, mayCall, mayChangeSettings }),
    line(emoji('telephone_receiver'), words(HOME.numberLabel), ...numberOf(ownNumber)),
    { type: 'header', text: { type: 'plain_text', text: HOME.recent } },
    ...(entries.length === 0
      ? [line(words(HOME.nothingYet))]
      : entries.slice(0, HOME_ENTRIES_MAX).flatMap(entryBlocks)),
    { type: 'divider' },
    { type: 'header', text: { type: 'plain_text', text: HOME.heading } },
    line(words(HOME.transcribe), code(HOME.transcribeExample(commands.transcribe))),
    line(words(HOME.meet), code(HOME.meetExample(commands.meet))),
    ...(mayCall ? [callLine(commands.call)] : []),
  ],
});

const callLine = (command: string): KnownBlock =>
  line(
    words(HOME.call),
    code(HOME.callExample(command)),
    words(HOME.or),
    code(HOME.callTeammateExample(command)),
  );

const numberOf = (ownNumber: string | null): RichTextElement[] =>
  ownNumber === null ? [words(HOME.noNumber)] : [bold(clean(ownNumber, NUMBER_MAX)), words(HOME.afterNumber)];

const buttonsOf = (may: {
  hasNumber: boolean;
  mayCall: boolean;
  mayChangeSettings: boolean;
}): ActionsBlock => ({
  type: 'actions',
  elements: [
    button(ACTIONS.startMeeting, HOME.startMeeting, { style: 'primary' }),
    ...(may.mayCall ? [button(ACTIONS.startCall, HOME.startCall)] : []),
    button(ACTIONS.changeOwnNumber, may.hasNumber ? HOME.changeNumber : HOME.saveNumber),
    ...(may.mayChangeSettings ? [button(ACTIONS.callSettings, HOME.callSettings)] : []),
  ],
});

const entryBlocks = ({ conversation, permalink }: HomeEntry): KnownBlock[] => {
  const { icon, status } = describe(conversation);
  const title = clean(conversation.title, TITLE_MAX) || UNTITLED[conversation.kind];
  const entry = line(
    emoji(icon),
    words(' '),
    permalink === null ? bold(title) : link(permalink, title),
    words('\n'),
    dated(conversation.createdAtMs),
    words(HOME.in),
    { type: 'channel', channel_id: channelOf(conversation) },
    words(`${lengthOf(conversation)} · ${status}`),
  );
  if (conversation.kind === 'recording' || conversation.state.name !== 'open') return [entry];
  const join = joinButton(ACTIONS.joinFromHome, conversation.id, conversation.kind);
  return [entry, { type: 'actions', elements: [join] }];
};

/** Of a meeting or a call that is over. */
const lengthOf = (conversation: Conversation): string => {
  if (conversation.kind === 'recording') return '';
  const { startedAtMs, endedAtMs } = conversation;
  return startedAtMs === null || endedAtMs === null ? '' : ` · ${formatDuration(endedAtMs - startedAtMs)}`;
};

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
      return { icon: 'hourglass_flowing_sand', status: STATUS.waiting };
    case 'transcribing':
      return { icon: 'headphones', status: STATUS.transcribing };
    case 'transcribed':
      return POSTING;
    case 'published':
      return PUBLISHED;
    case 'undelivered':
      return describeUndelivered(state);
    case 'failed':
      return { icon: 'warning', status: clean(state.message, SENTENCE_MAX) };
    case 'withdrawn':
      return { icon: 'wastebasket', status: STATUS.withdrawn };
  }
};

const ICONS = { meeting: 'movie_camera', call: 'telephone_receiver' } as const;

/** Of a meeting or a call. */
const describeMeeting = ({ kind, state, startedAtMs }: MeetingConversation): Status => {
  switch (state.name) {
    case 'opening':
      return { icon: ICONS[kind], status: STATUS.opening };
    case 'open':
      return startedAtMs === null
        ? { icon: ICONS[kind], status: STATUS.open[kind] }
        : { icon: 'red_circle', status: STATUS.live };
    case 'ending':
    case 'ended':
      return { icon: 'hourglass_flowing_sand', status: STATUS.ended };
    case 'transcribed':
      return POSTING;
    case 'published':
      return PUBLISHED;
    case 'undelivered':
      return describeUndelivered(state);
    case 'failed':
      return { icon: 'warning', status: clean(state.message, SENTENCE_MAX) };
  }
};

const describeUndelivered = ({ because, sent }: Undelivered): Status => {
  const reason = undeliveredReason(because);
  return sent
    ? { icon: 'incoming_envelope', status: STATUS.sentPrivately(reason) }
    : { icon: 'warning', status: STATUS.undelivered(reason) };
};

const POSTING: Status = { icon: 'bar_chart', status: STATUS.posting };
const PUBLISHED: Status = { icon: 'white_check_mark', status: STATUS.published };
