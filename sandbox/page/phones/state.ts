import type { Phone, PhoneCall, PhonesState } from '../../phones/control/contract.ts';

/** What the page knows of the demo phones. Changed only by `reducePanel`, which is pure. */
export interface PanelState {
  /** Null until known, and in a workspace without demo phones. */
  readonly network: PhonesState | null;
  /** The phone that uses this page's speaker and microphone: one at a time. */
  readonly active: ActivePhone | null;
  /** How the last call of a phone ended, by number. */
  readonly ended: Readonly<Record<string, EndedCall>>;
}

export interface ActivePhone {
  readonly number: string;
  /** Set once the phone was seen in a call; the phone stops being active when that call ends. */
  readonly inCall: boolean;
  readonly muted: boolean;
  readonly microphone: Microphone;
}

/** `insecure`: browsers give no microphone to a page that is neither local nor encrypted. */
export type Microphone = 'pending' | 'on' | 'denied' | 'missing' | 'insecure';

interface EndedCall {
  readonly with: string;
  /** Null when it was not answered. */
  readonly talkedMs: number | null;
}

export type PanelAction =
  | { type: 'network'; network: PhonesState; nowMs: number }
  | { type: 'no-network' }
  | { type: 'activate'; number: string }
  | { type: 'deactivate'; number: string }
  | { type: 'mute'; muted: boolean }
  | { type: 'microphone'; microphone: Microphone };

export const INITIAL_PANEL: PanelState = { network: null, active: null, ended: {} };

export function reducePanel(state: PanelState, action: PanelAction): PanelState {
  switch (action.type) {
    case 'network':
      return networkChanged(state, action.network, action.nowMs);
    case 'no-network':
      return INITIAL_PANEL;
    case 'activate':
      return activate(state, action.number);
    case 'deactivate':
      return state.active?.number === action.number ? { ...state, active: null } : state;
    case 'mute':
      return withActive(state, { muted: action.muted });
    case 'microphone':
      return withActive(state, { microphone: action.microphone });
  }
}

/** Phones that ring until they are answered on this page. */
export function ringingPhones(state: PanelState): readonly (Phone & { call: PhoneCall })[] {
  return (state.network?.phones ?? []).flatMap((phone) =>
    phone.call?.state === 'ringing' && phone.behaviour.type === 'ring'
      ? [{ ...phone, call: phone.call }]
      : [],
  );
}

export const findPhone = (state: PanelState, number: string): Phone | undefined =>
  state.network?.phones.find((phone) => phone.number === number);

function networkChanged(state: PanelState, network: PhonesState, nowMs: number): PanelState {
  const ended = { ...state.ended };
  for (const phone of network.phones) {
    const before = findPhone(state, phone.number)?.call;
    if (phone.call) delete ended[phone.number];
    else if (before) ended[phone.number] = endOf(before, nowMs);
  }
  return { network, ended, active: activeAfter(state.active, network) };
}

const endOf = (call: PhoneCall, nowMs: number): EndedCall => ({
  with: call.with,
  talkedMs: call.state === 'in-call' ? Math.max(0, nowMs - call.sinceMs) : null,
});

/** A phone may be active before the network reports its call, so it stays active until that call has been seen. */
function activeAfter(active: ActivePhone | null, network: PhonesState): ActivePhone | null {
  if (active === null) return null;
  const inCall = Boolean(network.phones.find(({ number }) => number === active.number)?.call);
  return active.inCall && !inCall ? null : { ...active, inCall };
}

function activate(state: PanelState, number: string): PanelState {
  if (state.active?.number === number) return state;
  const inCall = Boolean(findPhone(state, number)?.call);
  return { ...state, active: { number, inCall, muted: false, microphone: 'pending' } };
}

const withActive = (state: PanelState, change: Partial<ActivePhone>): PanelState =>
  state.active ? { ...state, active: { ...state.active, ...change } } : state;
