import type { Button, KnownBlock, Overflow, RichTextElement } from '@slack/types';
import { formatPin } from '../../core/calls/pin.ts';
import type { ConversationId } from '../../core/ids.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { MeetingCardMessage } from '../../core/thread-message.ts';
import { BUTTONS, UNTITLED } from '../sentences/common.ts';
import { END_MEETING, MEETING_CARD } from '../sentences/meetings.ts';
import { ACTIONS } from './actions.ts';
import { button, confirmation } from './buttons.ts';
import { type Built, bold, date, emoji, line, member, toUtc, words } from './rich.ts';
import { TITLE_MAX as START_TITLE_MAX } from './start-meeting.ts';
import { asSentence, clean, escapeMrkdwn, listNames, plain } from './text.ts';

const TITLE_MAX = 150;
const SENTENCE_MAX = 600;
/** Of a phone number and of a PIN: more than either ever has. */
const DIGITS_MAX = 40;

/** A meeting in its channel: what it is about, who is in, since when, and how to join. Once it is over, how long it was. */
export const buildMeetingCard = (card: MeetingCardMessage): Built => {
  const title = clean(card.title, TITLE_MAX) || UNTITLED.meeting;
  const status = describeStatus(card);
  const dialIn = dialInOf(card);
  const buttons = buttonsOf(card);
  return {
    // Slack parses the text, so names are escaped; the mention is ours.
    text: `${MEETING_CARD.startedBy(escapeMrkdwn(title), card.startedBy)} ${escapeMrkdwn([asSentence(status), card.capture, textOf(dialIn), ...card.remarks].filter(Boolean).join(' ').trim())}`,
    blocks: [
      line(
        emoji(ICONS[card.state]),
        bold(` ${title}`),
        words(MEETING_CARD.startedByLine),
        member(card.startedBy),
        ...timeOf(card),
        words('\n'),
        ...(isUnavailable(card) ? [emoji('warning'), words(' ')] : []),
        words(status),
        ...(card.capture === null
          ? []
          : [words('\n'), emoji('memo'), words(` ${clean(card.capture, SENTENCE_MAX)}`)]),
        ...dialIn,
        ...remarksOf(card),
      ),
      ...(buttons.length === 0 ? [] : [{ type: 'actions', elements: buttons } satisfies KnownBlock]),
    ],
  };
};

const isUnavailable = ({ state, unavailable }: MeetingCardMessage): boolean =>
  state !== 'ended' && unavailable !== null;

const ICONS: Readonly<Record<MeetingCardMessage['state'], string>> = {
  waiting: 'movie_camera',
  live: 'red_circle',
  ended: 'checkered_flag',
};

/** A moment instead of "for 12 min", which would be wrong a minute later unless the card were edited for it. */
const timeOf = ({ state, startedAtMs, endedAtMs }: MeetingCardMessage): RichTextElement[] => {
  if (startedAtMs === null) return [];
  if (state === 'ended' && endedAtMs !== null) {
    return [words(MEETING_CARD.length(formatDuration(endedAtMs - startedAtMs)))];
  }
  return [words(MEETING_CARD.since), date(startedAtMs, '{time}', toUtc(startedAtMs))];
};

const describeStatus = ({ state, startedAtMs, present, unavailable }: MeetingCardMessage): string => {
  if (state === 'ended') return startedAtMs === null ? MEETING_CARD.endedEmpty : MEETING_CARD.ended;
  if (unavailable !== null) return clean(unavailable, SENTENCE_MAX);
  return present.length === 0 ? MEETING_CARD.noOneYet : MEETING_CARD.present(listNames(present));
};

/** The number to call, and the PIN to enter once it is answered. */
const dialInOf = ({ dialIn }: MeetingCardMessage): RichTextElement[] =>
  dialIn === null
    ? []
    : [
        words('\n'),
        emoji('telephone_receiver'),
        words(MEETING_CARD.dialIn),
        bold(clean(dialIn.number, DIGITS_MAX)),
        words(MEETING_CARD.pin),
        bold(clean(formatPin(dialIn.pin), DIGITS_MAX)),
        words(MEETING_CARD.afterPin),
      ];

const remarksOf = ({ remarks }: MeetingCardMessage): RichTextElement[] =>
  remarks.flatMap((remark) => [words('\n'), emoji('warning'), words(` ${clean(remark, SENTENCE_MAX)}`)]);

const textOf = (elements: readonly RichTextElement[]): string =>
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

/** A meeting that no one joined is usually still wanted. Opens the dialog to start one, with the title filled in. */
const restartButton = ({ title }: MeetingCardMessage): Button =>
  button(ACTIONS.startMeeting, MEETING_CARD.restart, { value: plain(title, START_TITLE_MAX) });

/** Each person who clicks gets a link of their own. */
export const joinButton = (
  actionId: string,
  conversationId: ConversationId,
  kind: 'meeting' | 'call',
): Button =>
  button(actionId, BUTTONS.join, {
    style: 'primary',
    label: MEETING_CARD.joinLabel[kind],
    value: conversationId,
  });

/** The whole channel sees one card, so everyone has this menu; who is not the host gets a refusal. */
const endMenu = (conversationId: ConversationId): Overflow => ({
  type: 'overflow',
  action_id: ACTIONS.endMeeting,
  options: [{ text: { type: 'plain_text', text: END_MEETING.option }, value: conversationId }],
  confirm: confirmation(END_MEETING),
});
