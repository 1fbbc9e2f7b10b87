import type { Button, KnownBlock, ModalView, RichTextElement } from '@slack/types';
import { z } from 'zod';
import type { ChannelId, MemberId, PhoneNumber } from '../../core/ids.ts';
import type { CallPlan } from '../../core/ports.ts';
import { CALL_PLAN, START_CALL } from '../sentences/calls.ts';
import { BUTTONS } from '../sentences/common.ts';
import { ACTIONS } from './actions.ts';
import { button } from './buttons.ts';
import { type Built, bold, emoji, line, member, words } from './rich.ts';
import { clean, escapeMrkdwn, plain } from './text.ts';

const TITLE_MAX = 80;
/** Of a formatted number and of a country; more than either ever needs. */
const SHOWN_MAX = 60;

/**
 * What a confirmed call needs, carried by the button that confirms it, so that confirmations need no storage. `origin`
 * is the same on each button: pressing several is one call.
 */
const CallOrder = z.object({
  number: z
    .string()
    .regex(/^\+[1-9]\d{1,14}(?:;ext=\d{1,10})?$/)
    .transform((number) => number as PhoneNumber),
  /** The formatted number. */
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

/** Parses a button's value. @throws when it is not what `callButtons` wrote */
export const parseCallOrder = (value: string): CallOrder => CallOrder.parse(JSON.parse(value));

/** Who would be called, shown to the caller alone; nothing rings before a button is pressed. `command`: as it was typed. */
export const buildCallPlan = (plan: CallPlan, order: CallOrder, command: string): Built => {
  const { title } = order;
  const country = clean(plan.country, SHOWN_MAX);
  const talk = talkOptions(plan, CALL_PLAN.saveByCommand(clean(command, 40)));
  const terms = `${CALL_PLAN.notice} ${CALL_PLAN.inThisChannel} ${CALL_PLAN.sees} ${talk}`;
  const topic = title === '' ? '' : ` ${CALL_PLAN.topic(title)}.`;
  return {
    text:
      `${CALL_PLAN.question(calleeText(order))} ` +
      escapeMrkdwn(`${country}.${topic} ${callerIdLine(plan)}. ${terms}`),
    blocks: [
      planSummary(plan, order),
      line(words(terms)),
      { type: 'actions', elements: [...callButtons(plan, order), CANCEL] },
    ],
  };
};

/** The channel of the call, since a dialog is in no channel. */
const CallViewMetadata = z.object({
  channelId: z
    .string()
    .min(1)
    .max(40)
    .transform((id) => id as ChannelId),
});

/** Parses a dialog's metadata. @throws when it is not what `callView` wrote */
export const parseCallViewMetadata = (metadata: string): z.infer<typeof CallViewMetadata> =>
  CallViewMetadata.parse(JSON.parse(metadata));

/** The same as a dialog, after the channel was selected in one. Closing it calls no one. */
export const buildCallPlanView = (plan: CallPlan, order: CallOrder, channelId: ChannelId): ModalView =>
  callView(channelId, [
    planSummary(plan, order),
    line(
      words(`${CALL_PLAN.notice} ${CALL_PLAN.everyoneIn}`),
      { type: 'channel', channel_id: channelId },
      words(` ${CALL_PLAN.sees} ${talkOptions(plan, CALL_PLAN.saveOnHome)}`),
    ),
    { type: 'actions', elements: callButtons(plan, order) },
  ]);

/** In place of a dialog's confirmation after a fault: pressing the button again is the same call. */
export const buildCallAgainView = (
  order: CallOrder,
  from: 'browser' | 'own-phone',
  channelId: ChannelId,
  sentence: string,
): ModalView =>
  callView(channelId, [
    line(emoji('warning'), words(` ${clean(sentence, 600)}`)),
    {
      type: 'actions',
      elements: [
        button(from === 'browser' ? ACTIONS.placeCall : ACTIONS.placeCallFromOwnPhone, BUTTONS.tryAgain, {
          style: 'primary',
          value: JSON.stringify(order),
        }),
      ],
    },
  ]);

const callView = (channelId: ChannelId, blocks: KnownBlock[]): ModalView => ({
  type: 'modal',
  title: { type: 'plain_text', text: START_CALL.title },
  close: { type: 'plain_text', text: BUTTONS.cancel },
  private_metadata: JSON.stringify({ channelId } satisfies z.input<typeof CallViewMetadata>),
  blocks,
});

const planSummary = (plan: CallPlan, order: CallOrder): KnownBlock => {
  const { shown, title, memberId } = order;
  const [before, after] = aroundCallee(CALL_PLAN.question);
  return line(
    emoji('telephone_receiver'),
    words(` ${before}`),
    ...calleeElements(order),
    words(`${after}\n${memberId === null ? '' : `${shown} · `}${clean(plan.country, SHOWN_MAX)}`),
    ...(title === '' ? [] : [words(`\n${CALL_PLAN.topic(clean(title, TITLE_MAX))}`)]),
    words(`\n${callerIdLine(plan)}`),
  );
};

/** A sentence about the callee in its two parts, since blocks show the callee as an element between them. */
export const aroundCallee = (sentence: (callee: string) => string): readonly [string, string] => {
  const [before = '', after = ''] = sentence('\0').split('\0');
  return [before, after];
};

const callerIdLine = ({ callerId }: CallPlan): string => CALL_PLAN.callerId(clean(callerId, SHOWN_MAX));

const talkOptions = ({ ownNumber }: CallPlan, howToSave: string): string =>
  ownNumber === null ? CALL_PLAN.talkFromBrowser(howToSave) : CALL_PLAN.talkFromBoth;

export const calleeElements = ({ memberId, shown }: CallOrder): RichTextElement[] =>
  memberId === null ? [bold(shown)] : [member(memberId)];

/** For `mrkdwn`. */
export const calleeText = ({ memberId, shown }: CallOrder): string =>
  memberId === null ? escapeMrkdwn(shown) : `<@${memberId}> (${escapeMrkdwn(shown)})`;

const callButtons = ({ ownNumber }: CallPlan, order: CallOrder): Button[] => {
  const value = JSON.stringify(order);
  const call = button(ACTIONS.placeCall, CALL_PLAN.call, {
    style: 'primary',
    label: CALL_PLAN.callLabel,
    value,
  });
  if (ownNumber === null) return [call];
  const number = clean(ownNumber, 40);
  return [
    call,
    button(ACTIONS.placeCallFromOwnPhone, CALL_PLAN.ownPhone(number), {
      label: CALL_PLAN.ownPhoneLabel(number),
      value,
    }),
  ];
};

const CANCEL = button(ACTIONS.cancelCall, BUTTONS.cancel, { label: CALL_PLAN.cancelLabel });
