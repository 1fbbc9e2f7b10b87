import type { KnownBlock, RichTextElement } from '@slack/types';
import { shorten } from '../../core/single-line.ts';
import type { CallCardMessage, CardPhone } from '../../core/thread-message.ts';
import { CALL_CARD, EXTENSION, HANG_UP, PHONE_STATE } from '../sentences/calls.ts';
import { UNTITLED } from '../sentences/common.ts';
import { ACTIONS } from './actions.ts';
import { button, confirmation } from './buttons.ts';
import { joinButton } from './meeting-card.ts';
import { type Built, bold, date, emoji, line, member, toUtc, words } from './rich.ts';
import { asSentence, clean, escapeMrkdwn, listNames } from './text.ts';

const TITLE_MAX = 150;
const NAME_MAX = 60;
const REASON_MAX = 200;
const SENTENCE_MAX = 300;
/** More phones in one conversation are counted. */
const PHONES_SHOWN = 10;
/** The flows make two or three. */
const REMARKS_SHOWN = 5;
/** Slack cuts `text` at 40,000 and asks for 4,000; escaping comes on top. */
const MAX_TEXT = 3_500;

/** A call in its channel: the state of its phones, who is in from a browser, and buttons to join and to hang up. */
export const buildCallCard = (card: CallCardMessage): Built => {
  const title = clean(card.title, TITLE_MAX) || UNTITLED.call;
  const { phones, capture, remarks } = card;
  const rows = [
    ...phoneRows(phones),
    statusRow(card),
    ...(capture === null ? [] : [sentenceRow('memo', clean(capture, SENTENCE_MAX))]),
    ...remarkRows(remarks),
  ];
  return {
    // Slack parses the text, so names are escaped; the mention is ours.
    text:
      `${CALL_CARD.startedBy(escapeMrkdwn(title), card.startedBy)} ` +
      escapeMrkdwn(shorten(rows.map(({ text }) => text).join(' '), MAX_TEXT)),
    blocks: [
      line(
        emoji(card.ended ? 'checkered_flag' : 'telephone_receiver'),
        bold(` ${title}`),
        words(CALL_CARD.startedByLine),
        member(card.startedBy),
        ...rows.flatMap(({ elements }) => [words('\n'), ...elements]),
      ),
      ...buttonsOf(card),
    ],
  };
};

/** One row of the card, as shown and as read aloud. */
interface Row {
  readonly elements: readonly RichTextElement[];
  readonly text: string;
}

const sentenceRow = (icon: string | null, sentence: string): Row => ({
  elements: icon === null ? [words(sentence)] : [emoji(icon), words(` ${sentence}`)],
  text: asSentence(sentence),
});

const phoneRows = (phones: readonly CardPhone[]): readonly Row[] => {
  const more = phones.length - PHONES_SHOWN;
  return [
    ...phones.slice(0, PHONES_SHOWN).map(phoneRow),
    ...(more > 0 ? [sentenceRow('telephone_receiver', CALL_CARD.morePhones(more))] : []),
  ];
};

const phoneRow = ({ name, state }: CardPhone): Row => {
  const shown = clean(name, NAME_MAX) || CALL_CARD.phone;
  const { icon, text } = describePhone(state);
  // A moment instead of "for 3 min", which would be wrong a minute later unless the card were edited for it.
  const sinceMs = state.name === 'answered' ? state.sinceMs : null;
  return {
    elements: [
      emoji(icon),
      bold(` ${shown}`),
      words(`  ${text}`),
      ...(sinceMs === null ? [] : [words(CALL_CARD.since), date(sinceMs, '{time}', toUtc(sinceMs))]),
    ],
    text: asSentence(`${shown}: ${text}`),
  };
};

interface PhoneStatus {
  readonly icon: string;
  readonly text: string;
}

const describePhone = (state: CardPhone['state']): PhoneStatus => {
  switch (state.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', text: PHONE_STATE.waiting };
    case 'ringing':
      return { icon: 'bell', text: PHONE_STATE.ringing };
    case 'answered':
      return {
        icon: state.by === 'machine' ? 'mailbox_with_mail' : 'large_green_circle',
        text: PHONE_STATE.answered[state.by],
      };
    case 'ended':
      return describeEnding(state);
  }
};

type Ended = Extract<CardPhone['state'], { name: 'ended' }>;

const describeEnding = ({ how, by, lengthMs, reason }: Ended): PhoneStatus => {
  const why = clean(reason ?? '', REASON_MAX);
  const withReason = (text: string): string => (why === '' ? text : `${text}. ${why}`);
  switch (how) {
    case 'hung-up':
      return {
        icon: by === 'machine' && lengthMs !== null ? 'mailbox_with_mail' : 'white_check_mark',
        text: PHONE_STATE.hungUp(lengthMs, by),
      };
    case 'busy':
      return { icon: 'no_entry', text: PHONE_STATE.busy };
    case 'no-answer':
      return { icon: 'no_bell', text: PHONE_STATE.noAnswer };
    case 'cancelled':
      return { icon: 'no_bell', text: PHONE_STATE.cancelled };
    case 'room-full':
      return { icon: 'no_entry', text: withReason(PHONE_STATE.callFull) };
    case 'failed':
      return {
        icon: 'warning',
        text: withReason(lengthMs === null ? PHONE_STATE.notCalled : PHONE_STATE.cutOff(lengthMs)),
      };
  }
};

/** The state of the call as a whole. */
const statusRow = ({ ended, phones, present, unavailable }: CallCardMessage): Row => {
  if (ended) {
    const [callee] = phones;
    const wasAnswered =
      callee?.state.name === 'answered' || (callee?.state.name === 'ended' && callee.state.lengthMs !== null);
    return sentenceRow(null, wasAnswered ? CALL_CARD.ended : CALL_CARD.endedUnanswered);
  }
  if (unavailable !== null) return sentenceRow('warning', clean(unavailable, SENTENCE_MAX));
  if (present.length > 0) return sentenceRow(null, CALL_CARD.present(listNames(present)));
  // With a second phone the caller may be on it.
  return sentenceRow(null, phones.length > 1 ? CALL_CARD.noBrowser : CALL_CARD.noCaller);
};

const remarkRows = (remarks: readonly string[]): readonly Row[] =>
  remarks
    .slice(0, REMARKS_SHOWN)
    .map((remark) => sentenceRow('information_source', clean(remark, SENTENCE_MAX)));

const buttonsOf = ({ conversationId, ended, unavailable, phones }: CallCardMessage): KnownBlock[] => {
  if (ended) return [];
  const join = unavailable === null ? [joinButton(ACTIONS.joinMeeting, conversationId, 'call')] : [];
  const hangUp = button(ACTIONS.hangUp, HANG_UP.button, {
    style: 'danger',
    label: HANG_UP.label,
    value: conversationId,
    confirm: confirmation({ ...HANG_UP, confirm: HANG_UP.button }),
  });
  const waiting = phones.find(({ extension, state }) => extension !== null && state.name === 'answered');
  const press =
    waiting === undefined
      ? []
      : [
          button(ACTIONS.pressExtension, EXTENSION.button(clean(waiting.extension ?? '', 10)), {
            label: EXTENSION.label,
            value: conversationId,
          }),
        ];
  return [{ type: 'actions', elements: [...join, ...press, hangUp] }];
};
