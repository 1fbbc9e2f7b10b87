import type { Button, KnownBlock, Overflow, RichTextElement } from '@slack/types';
import { formatPin } from '../../core/calls/pin.ts';
import type { ConversationId } from '../../core/ids.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { MeetingCardMessage } from '../../core/thread-message.ts';
import { ACTIONS } from './actions.ts';
import { type Built, bold, date, emoji, line, member, toUtc, words } from './rich.ts';
import { TITLE_MAX as START_TITLE_MAX } from './start-meeting.ts';
import { clean, escapeMrkdwn, listNames, plain } from './text.ts';

const TITLE_MAX = 150;
const SENTENCE_MAX = 600;
/** Of a telephone number and of a PIN: more than either ever has. */
const DIGITS_MAX = 40;

/** A meeting in its channel: what it is, who is in, since when, and the way in. Once it is over, how long it was. */
export const buildMeetingCard = (card: MeetingCardMessage): Built => {
  const title = clean(card.title, TITLE_MAX) || 'Meeting';
  const below = describeCard(card);
  const byPhone = dialInOf(card);
  const buttons = buttonsOf(card);
  return {
    // Names here are read by Slack; the mention is ours.
    text: `${escapeMrkdwn(title)}: a meeting, started by <@${card.startedBy}>. ${escapeMrkdwn([below, spoken(byPhone)].join(' ').trim())}`,
    blocks: [
      line(
        emoji(ICONS[card.state]),
        bold(` ${title}`),
        words('\nStarted by '),
        member(card.startedBy),
        ...timeOf(card),
        words('\n'),
        ...(isOutOfReach(card) ? [emoji('warning'), words(' ')] : []),
        words(below),
        ...byPhone,
      ),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons } satisfies KnownBlock]),
    ],
  };
};

const isOutOfReach = ({ state, unavailable }: MeetingCardMessage): boolean =>
  state !== 'ended' && unavailable !== null;

const ICONS: Readonly<Record<MeetingCardMessage['state'], string>> = {
  waiting: 'movie_camera',
  live: 'red_circle',
  ended: 'checkered_flag',
};

/** A moment rather than "for 12 min", which would be wrong a minute later unless the card were edited for it. */
const timeOf = ({ state, startedAtMs, endedAtMs }: MeetingCardMessage): RichTextElement[] => {
  if (startedAtMs === null) return [];
  if (state === 'ended' && endedAtMs !== null) {
    return [words(` · ${formatDuration(endedAtMs - startedAtMs)} long`)];
  }
  return [words(' · since '), date(startedAtMs, '{time}', toUtc(startedAtMs))];
};

const describeCard = ({ state, startedAtMs, present, unavailable }: MeetingCardMessage): string => {
  if (state === 'ended') {
    return startedAtMs === null
      ? 'This meeting has ended. Nobody came.'
      : 'This meeting has ended. What was said, and who spoke how much, is in its thread.';
  }
  if (unavailable !== null) return clean(unavailable, SENTENCE_MAX);
  return present.length === 0 ? 'Nobody is in yet.' : `In it now: ${listNames(present)}.`;
};

/** What to dial, and what to type once it is answered. */
const dialInOf = ({ dialIn }: MeetingCardMessage): RichTextElement[] =>
  dialIn === null
    ? []
    : [
        words('\n'),
        emoji('telephone_receiver'),
        words(' By telephone: '),
        bold(clean(dialIn.number, DIGITS_MAX)),
        words(', PIN '),
        bold(clean(formatPin(dialIn.pin), DIGITS_MAX)),
      ];

const spoken = (elements: readonly RichTextElement[]): string =>
  elements
    .map((element) => (element.type === 'text' ? element.text : ''))
    .join('')
    .trim();

const buttonsOf = (card: MeetingCardMessage): (Button | Overflow)[] => {
  const { conversationId, state, unavailable } = card;
  if (state === 'ended') return card.startedAtMs === null ? [restartButton(card)] : [];
  const more = endMenu(conversationId);
  return unavailable === null ? [joinButton(ACTIONS.joinMeeting, conversationId, 'meeting'), more] : [more];
};

/** Where nobody came, it is still wanted as a rule. Whoever clicks is asked where, with the title filled in. */
const restartButton = ({ title }: MeetingCardMessage): Button => ({
  type: 'button',
  action_id: ACTIONS.startMeeting,
  text: { type: 'plain_text', text: 'Start a new one' },
  accessibility_label: 'Start a new meeting',
  value: plain(title, START_TITLE_MAX),
});

/** Whoever clicks is given a link of their own. */
export const joinButton = (
  actionId: string,
  conversationId: ConversationId,
  kind: 'meeting' | 'call',
): Button => ({
  type: 'button',
  style: 'primary',
  action_id: actionId,
  text: { type: 'plain_text', text: 'Join' },
  accessibility_label: `Join the ${kind}`,
  value: conversationId,
});

/** A channel sees one card, so this is there for everybody; whoever is not the host is told so. */
const endMenu = (conversationId: ConversationId): Overflow => ({
  type: 'overflow',
  action_id: ACTIONS.endMeeting,
  options: [{ text: { type: 'plain_text', text: 'End for all' }, value: conversationId }],
  confirm: {
    title: { type: 'plain_text', text: 'End the meeting for all?' },
    text: {
      type: 'plain_text',
      text: 'Everybody leaves at once, and what was said follows in the thread. Only the host can do this.',
    },
    confirm: { type: 'plain_text', text: 'End for all' },
    deny: { type: 'plain_text', text: 'Go on' },
    style: 'danger',
  },
});
