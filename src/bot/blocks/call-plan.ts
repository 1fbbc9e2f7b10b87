import type { Button, KnownBlock, ModalView, RichTextElement } from '@slack/types';
import { z } from 'zod';
import type { ChannelId, MemberId, PhoneNumber } from '../../core/ids.ts';
import type { CallPlan } from '../../core/ports.ts';
import { ACTIONS } from './actions.ts';
import { linkButton, linkText, YOURS_ALONE } from './meeting-link.ts';
import { type Built, bold, emoji, line, member, words } from './rich.ts';
import { clean, escapeMrkdwn, plain } from './text.ts';

const TITLE_MAX = 80;
/** Of a number as one writes it, and of a country: more than either ever has. */
const SHOWN_MAX = 60;

/**
 * What a confirmed call needs, carried by the button that confirms it, so that nothing has to be remembered of
 * confirmations that nobody answers. `origin` is the same on each button: pressing several is one call.
 */
const CallOrder = z.object({
  number: z
    .string()
    .regex(/^\+[1-9]\d{1,14}$/)
    .transform((number) => number as PhoneNumber),
  /** The number as one writes it. */
  shown: z.string().max(SHOWN_MAX),
  memberId: z
    .string()
    .min(1)
    .max(40)
    .transform((id) => id as MemberId)
    .nullable(),
  title: z.string().max(TITLE_MAX),
  origin: z.string().min(1).max(200),
});
export type CallOrder = z.infer<typeof CallOrder>;

export const orderOf = (plan: CallPlan, origin: string): CallOrder => ({
  number: plan.number,
  shown: plain(plan.formatted, SHOWN_MAX),
  memberId: plan.memberId,
  title: plain(plan.title, TITLE_MAX),
  origin,
});

/** Reads a button's value back. @throws when it is not what `buildCallPlan` wrote */
export const parseCallOrder = (value: string): CallOrder => CallOrder.parse(JSON.parse(value));

/**
 * What would happen, for whoever typed the command alone; nothing rings before they have pressed a button. `command`
 * is the name by which it was typed.
 */
export const buildCallPlan = (plan: CallPlan, order: CallOrder, command: string): Built => {
  const { title } = order;
  const country = clean(plan.country, SHOWN_MAX);
  const talk = talkOptions(plan, `with “${clean(command, 40)} my number +44…”`);
  return {
    text:
      `Call ${calleeText(order)}? ${escapeMrkdwn(`${country}. ${title === '' ? '' : `About: ${title}. `}`)}` +
      escapeMrkdwn(`${callerIdLine(plan)} ${NOTICE} Everybody in this channel ${SEES} ${talk}`),
    blocks: [
      ...planSummary(plan, order),
      line(words(`${NOTICE} Everybody in this channel ${SEES} ${talk}`)),
      { type: 'actions', elements: [...callButtons(plan, order), CANCEL] },
    ],
  };
};

export const CALL_TITLE = 'Call a telephone';

/** Where the call of a dialogue shall be, since a dialogue is in no channel. */
const CallViewMetadata = z.object({
  channelId: z
    .string()
    .min(1)
    .max(40)
    .transform((id) => id as ChannelId),
});

/** Reads a dialogue's metadata back. @throws when it is not what `buildCallPlanView` wrote */
export const parseCallViewMetadata = (metadata: string): z.infer<typeof CallViewMetadata> =>
  CallViewMetadata.parse(JSON.parse(metadata));

/** The same in a dialogue, for who chose the channel in one. Closing it calls nobody. */
export const buildCallPlanView = (plan: CallPlan, order: CallOrder, channelId: ChannelId): ModalView =>
  dialogue('Cancel', channelId, [
    ...planSummary(plan, order),
    line(
      words(`${NOTICE} Everybody in `),
      { type: 'channel', channel_id: channelId },
      words(` ${SEES} ${talkOptions(plan, 'on Parley’s Home')}`),
    ),
    { type: 'actions', elements: callButtons(plan, order) },
  ]);

const NOTICE = 'Both sides hear at the start that the call is recorded and transcribed.';
const SEES = 'sees the captions and the transcript.';

const callerIdLine = ({ callerId }: CallPlan): string =>
  `The other side sees ${clean(callerId, SHOWN_MAX)} as the caller.`;

const talkOptions = ({ ownNumber }: CallPlan, howToSave: string): string =>
  ownNumber === null
    ? `You talk in your browser. To talk from your own phone, save its number ${howToSave}.`
    : 'You talk in your browser, or from your own phone, which then rings first.';

const planSummary = (plan: CallPlan, order: CallOrder): KnownBlock[] => {
  const { shown, title, memberId } = order;
  return [
    line(
      emoji('telephone_receiver'),
      words(' Call '),
      ...who(order),
      words(`?\n${memberId === null ? '' : `${shown} · `}${clean(plan.country, SHOWN_MAX)}`),
      ...(title === '' ? [] : [words('\nAbout: '), words(clean(title, TITLE_MAX))]),
      words(`\n${callerIdLine(plan)}`),
    ),
  ];
};

const dialogue = (close: string, channelId: ChannelId, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: CALL_TITLE },
  close: { type: 'plain_text', text: close },
  private_metadata: JSON.stringify({ channelId } satisfies z.input<typeof CallViewMetadata>),
  blocks,
});

const who = ({ memberId, shown }: CallOrder): RichTextElement[] =>
  memberId === null ? [bold(shown)] : [member(memberId)];

const calleeText = ({ memberId, shown }: CallOrder): string =>
  memberId === null ? escapeMrkdwn(shown) : `<@${memberId}> (${escapeMrkdwn(shown)})`;

const callButtons = ({ ownNumber }: CallPlan, order: CallOrder): Button[] => {
  const value = JSON.stringify(order);
  return [
    {
      type: 'button',
      style: 'primary',
      action_id: ACTIONS.placeCall,
      text: { type: 'plain_text', text: 'Call' },
      accessibility_label: 'Call, and talk in the browser',
      value,
    },
    ...(ownNumber === null ? [] : [ownPhoneButton(clean(ownNumber, 40), value)]),
  ];
};

const CANCEL: Button = {
  type: 'button',
  action_id: ACTIONS.cancelCall,
  text: { type: 'plain_text', text: 'Cancel' },
  accessibility_label: 'Cancel, and call nobody',
};

const ownPhoneButton = (ownNumber: string, value: string): Button => ({
  type: 'button',
  action_id: ACTIONS.placeCallFromOwnPhone,
  text: { type: 'plain_text', text: `Use my phone (${ownNumber})` },
  accessibility_label: `Use my phone: rings ${ownNumber} first`,
  value,
});

/** Whoever called, and how they get into the call; `sentence` says why they cannot yet. */
export type Calling =
  | { readonly from: 'own-phone' }
  | {
      readonly from: 'browser';
      readonly link: { readonly url: string } | { readonly sentence: string } | null;
    };

/** In place of the confirmation, once it is answered: what happens now, and the caller's own way in. */
export const buildCalling = (order: CallOrder, calling: Calling): Built => {
  const url =
    calling.from === 'browser' && calling.link !== null && 'url' in calling.link ? calling.link.url : null;
  const now = nextStep(calling);
  return {
    text: `Calling ${calleeText(order)}. ${escapeMrkdwn(now)}${url === null ? '' : ` ${linkText(url)}`}`,
    blocks: [
      line(emoji('telephone_receiver'), words(' Calling '), ...who(order), words(`…\n${now}`)),
      ...(url === null ? [] : [linkButton(url)]),
    ],
  };
};

/** The same in a dialogue. */
export const buildCallingView = (order: CallOrder, calling: Calling): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: CALL_TITLE },
  close: { type: 'plain_text', text: 'Close' },
  blocks: [...buildCalling(order, calling).blocks],
});

/** In place of a dialogue's confirmation after a fault: pressing the button again is the same call. */
export const buildCallAgainView = (
  order: CallOrder,
  from: Calling['from'],
  channelId: ChannelId,
  sentence: string,
): ModalView =>
  dialogue('Cancel', channelId, [
    line(emoji('warning'), words(` ${clean(sentence, 600)}`)),
    {
      type: 'actions',
      elements: [
        {
          type: 'button',
          style: 'primary',
          action_id: from === 'browser' ? ACTIONS.placeCall : ACTIONS.placeCallFromOwnPhone,
          text: { type: 'plain_text', text: 'Try again' },
          value: JSON.stringify(order),
        },
      ],
    },
  ]);

const nextStep = (calling: Calling): string => {
  if (calling.from === 'own-phone') {
    return 'Your own phone rings first. Pick it up, and the other side is rung.';
  }
  if (calling.link === null) return 'Your way into the call follows in a moment.';
  return 'url' in calling.link
    ? `Go in now, so that you are there when somebody answers. ${YOURS_ALONE}`
    : clean(calling.link.sentence, 600);
};
