import type { Phone, PhoneCall, PhonesState } from '../../phones/control/contract.ts';

/** What the page knows of the workspace's telephones. Changed only by `reducePhones`, which is pure. */
export interface PhonesView {
  /** Null while nothing is known, and in a workspace without telephones. */
  readonly known: PhonesState | null;
  /** The telephone whose sound comes and goes here: a visitor has one ear and one mouth. */
  readonly inHand: InHand | null;
  /** How the newest call of a telephone ended, by number. */
  readonly ended: Readonly<Record<string, EndedCall>>;
}

export interface InHand {
  readonly number: string;
  /** It was seen in a call; when it is in none any more, it is put down. */
  readonly inCall: boolean;
  readonly muted: boolean;
  readonly microphone: Microphone;
}

/** `none` where the machine has no microphone, `unsafe` where browsers give none to a page that is not encrypted. */
export type Microphone = 'asked' | 'on' | 'refused' | 'none' | 'unsafe';

interface EndedCall {
  readonly with: string;
  /** Null when it was never answered. */
  readonly talkedMs: number | null;
}

export type PhonesAction =
  | { type: 'shown'; known: PhonesState; nowMs: number }
  | { type: 'absent' }
  | { type: 'pick-up'; number: string }
  | { type: 'put-down'; number: string }
  | { type: 'mute'; muted: boolean }
  | { type: 'microphone'; microphone: Microphone };

export const NO_PHONES: PhonesView = { known: null, inHand: null, ended: {} };

export function reducePhones(view: PhonesView, action: PhonesAction): PhonesView {
  switch (action.type) {
    case 'shown':
      return shown(view, action.known, action.nowMs);
    case 'absent':
      return NO_PHONES;
    case 'pick-up':
      return pickUp(view, action.number);
    case 'put-down':
      return view.inHand?.number === action.number ? { ...view, inHand: null } : view;
    case 'mute':
      return withHand(view, { muted: action.muted });
    case 'microphone':
      return withHand(view, { microphone: action.microphone });
  }
}

/** Those that ring until somebody answers them here. */
export function ringingHere(view: PhonesView): readonly (Phone & { call: PhoneCall })[] {
  return (view.known?.phones ?? []).flatMap((phone) =>
    phone.call?.state === 'ringing' && phone.behaviour.type === 'ring'
      ? [{ ...phone, call: phone.call }]
      : [],
  );
}

export const findPhone = (view: PhonesView, number: string): Phone | undefined =>
  view.known?.phones.find((phone) => phone.number === number);

function shown(view: PhonesView, known: PhonesState, nowMs: number): PhonesView {
  const ended = { ...view.ended };
  for (const phone of known.phones) {
    const before = findPhone(view, phone.number)?.call;
    if (phone.call) delete ended[phone.number];
    else if (before) ended[phone.number] = endOf(before, nowMs);
  }
  return { known, ended, inHand: handAfter(view.inHand, known) };
}

const endOf = (call: PhoneCall, nowMs: number): EndedCall => ({
  with: call.with,
  talkedMs: call.state === 'in-call' ? Math.max(0, nowMs - call.sinceMs) : null,
});

/** A telephone may be in hand before the network tells that it is in a call: it is put down only after one. */
function handAfter(inHand: InHand | null, known: PhonesState): InHand | null {
  if (inHand === null) return null;
  const inCall = Boolean(known.phones.find(({ number }) => number === inHand.number)?.call);
  return inHand.inCall && !inCall ? null : { ...inHand, inCall };
}

function pickUp(view: PhonesView, number: string): PhonesView {
  if (view.inHand?.number === number) return view;
  const inCall = Boolean(findPhone(view, number)?.call);
  return { ...view, inHand: { number, inCall, muted: false, microphone: 'asked' } };
}

const withHand = (view: PhonesView, more: Partial<InHand>): PhonesView =>
  view.inHand ? { ...view, inHand: { ...view.inHand, ...more } } : view;
