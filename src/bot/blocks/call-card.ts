import type { Button, KnownBlock, RichTextElement } from '@slack/types';
import type { AnsweredBy } from '../../core/calls/types.ts';
import type { ConversationId } from '../../core/ids.ts';
import { shorten } from '../../core/single-line.ts';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { CallCardMessage, CardPhone } from '../../core/thread-message.ts';
import { ACTIONS } from './actions.ts';
import { joinButton } from './meeting-card.ts';
import { type Built, bold, date, emoji, line, member, toUtc, words } from './rich.ts';
import { clean, count, escapeMrkdwn, listNames } from './text.ts';

const TITLE_MAX = 150;
const NAME_MAX = 60;
const REASON_MAX = 200;
const SENTENCE_MAX = 300;
/** More telephones in one conversation are counted. */
const PHONES_SHOWN = 10;
/** The flows make two or three. */
const REMARKS_SHOWN = 5;
/** Slack cuts `text` at 40,000 and asks for 4,000; escaping comes on top. */
const MAX_TEXT = 3_500;

/** A call in its channel: whose telephone rings and how that goes, who is in, and the ways in and out. */
export const buildCallCard = (card: CallCardMessage): Built => {
  const title = clean(card.title, TITLE_MAX) || 'Call';
  const lines = [...phoneRows(card.phones), statusRow(card), ...remarkRows(card.remarks)];
  return {
    // Names here are read by Slack; the mention is ours.
    text:
      `${escapeMrkdwn(title)}: a call by <@${card.startedBy}>. ` +
      escapeMrkdwn(shorten(lines.map(({ text }) => text).join(' '), MAX_TEXT)),
    blocks: [
      line(
        emoji(card.ended ? 'checkered_flag' : 'telephone_receiver'),
        bold(` ${title}`),
        words('\nCall by '),
        member(card.startedBy),
        ...lines.flatMap(({ elements }) => [words('\n'), ...elements]),
      ),
      ...buttonsOf(card),
    ],
  };
};

/** One line of the card, for eyes and for ears. */
interface Row {
  readonly elements: readonly RichTextElement[];
  readonly text: string;
}

const sentenceRow = (icon: string | null, sentence: string): Row => ({
  elements: icon === null ? [words(sentence)] : [emoji(icon), words(` ${sentence}`)],
  text: sentence,
});

const phoneRows = (phones: readonly CardPhone[]): readonly Row[] => {
  const more = phones.length - PHONES_SHOWN;
  return [
    ...phones.slice(0, PHONES_SHOWN).map(phoneRow),
    ...(more > 0 ? [sentenceRow('telephone_receiver', `${count(more, 'more telephone')}.`)] : []),
  ];
};

const phoneRow = ({ name, state }: CardPhone): Row => {
  const shown = clean(name, NAME_MAX) || 'A telephone';
  const { icon, said } = describePhone(state);
  // A moment rather than "for 3 min", which would be wrong a minute later unless the card were edited for it.
  const sinceMs = state.name === 'answered' ? state.sinceMs : null;
  return {
    elements: [
      emoji(icon),
      bold(` ${shown}`),
      words(`  ${said}`),
      ...(sinceMs === null ? [] : [words(', since '), date(sinceMs, '{time}', toUtc(sinceMs))]),
    ],
    text: `${shown}: ${said}${/[.!?…]$/.test(said) ? '' : '.'}`,
  };
};

const describePhone = (state: CardPhone['state']): { readonly icon: string; readonly said: string } => {
  switch (state.name) {
    case 'waiting':
      return { icon: 'hourglass_flowing_sand', said: 'is next, once the caller’s own phone is answered' };
    case 'ringing':
      return { icon: 'bell', said: 'is ringing…' };
    case 'answered':
      return {
        icon: state.by === 'machine' ? 'mailbox_with_mail' : 'large_green_circle',
        said: ANSWERED[state.by],
      };
    case 'ended':
      return describeEnding(state);
  }
};

const ANSWERED: Readonly<Record<AnsweredBy, string>> = {
  unknown: 'was answered',
  person: 'was answered by a person',
  machine: 'was answered by voicemail',
};

type Ended = Extract<CardPhone['state'], { name: 'ended' }>;

const describeEnding = ({ how, by, lengthMs, reason }: Ended): { icon: string; said: string } => {
  const why = clean(reason ?? '', REASON_MAX);
  switch (how) {
    case 'hung-up':
      return lengthMs === null
        ? { icon: 'white_check_mark', said: 'was hung up' }
        : {
            icon: by === 'machine' ? 'mailbox_with_mail' : 'white_check_mark',
            said: `${ANSWERED[by]} and hung up after ${formatDuration(lengthMs)}`,
          };
    case 'busy':
      return { icon: 'no_entry', said: 'was busy' };
    case 'no-answer':
      return { icon: 'no_bell', said: 'was not answered' };
    case 'cancelled':
      return { icon: 'no_bell', said: 'was hung up before anybody answered' };
    case 'room-full':
      return { icon: 'no_entry', said: `was answered, and there was no place for it. ${why}`.trim() };
    case 'failed': {
      const what =
        lengthMs === null ? 'could not be called' : `was cut off after ${formatDuration(lengthMs)}`;
      return { icon: 'warning', said: why === '' ? what : `${what}. ${why}` };
    }
  }
};

/** What the call as a whole is at: over, out of reach, or with these people in it. */
const statusRow = ({ ended, phones, present, unavailable }: CallCardMessage): Row => {
  if (ended) {
    const [far] = phones;
    const wasAnswered =
      far?.state.name === 'answered' || (far?.state.name === 'ended' && far.state.lengthMs !== null);
    return sentenceRow(
      null,
      wasAnswered
        ? 'This call has ended. What was said, and who spoke how much, is in its thread.'
        : 'This call has ended without a conversation.',
    );
  }
  if (unavailable !== null) return sentenceRow('warning', clean(unavailable, SENTENCE_MAX));
  return sentenceRow(
    null,
    present.length === 0 ? 'Nobody is in from a browser.' : `In from a browser: ${listNames(present)}.`,
  );
};

const remarkRows = (remarks: readonly string[]): readonly Row[] =>
  remarks
    .slice(0, REMARKS_SHOWN)
    .map((remark) => sentenceRow('information_source', clean(remark, SENTENCE_MAX)));

const buttonsOf = ({ conversationId, ended, unavailable }: CallCardMessage): KnownBlock[] => {
  if (ended) return [];
  const join = unavailable === null ? [joinButton(ACTIONS.joinMeeting, conversationId, 'call')] : [];
  return [{ type: 'actions', elements: [...join, hangUp(conversationId)] }];
};

/** A channel sees one card, so this is there for everybody. */
const hangUp = (conversationId: ConversationId): Button => ({
  type: 'button',
  style: 'danger',
  action_id: ACTIONS.hangUp,
  text: { type: 'plain_text', text: 'Hang up' },
  accessibility_label: 'Hang up and end the call for everybody',
  value: conversationId,
  confirm: {
    title: { type: 'plain_text', text: 'Hang up?' },
    text: {
      type: 'plain_text',
      text: 'Every telephone of this call is hung up, and the call ends for everybody.',
    },
    confirm: { type: 'plain_text', text: 'Hang up' },
    deny: { type: 'plain_text', text: 'Go on' },
    style: 'danger',
  },
});
