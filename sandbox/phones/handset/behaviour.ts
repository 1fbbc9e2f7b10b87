import { after } from '../after.ts';
import { beep, hum } from '../audio/tones.ts';
import type { Call } from '../call/call.ts';
import type { PhoneBehaviour } from '../control/contract.ts';
import type { Network } from '../network.ts';
import type { Handset } from './handset.ts';
import { createVoice } from './recorded-voice.ts';

/** A telephone rings: it does what it was set to do. Nothing more happens once the call's signal is aborted. */
export const behave = async (network: Network, handset: Handset, call: Call): Promise<void> => {
  const { behaviour } = handset;
  switch (behaviour.type) {
    case 'answer':
      return answer(network, handset, call, behaviour);
    case 'voicemail':
      await after(behaviour.afterMs, call.signal);
      return voicemail(network, handset, call);
    case 'decline':
      await after(REFUSED_AFTER_MS, call.signal);
      return call.hangUp();
    // Until somebody answers in the panel, or the network gives up.
    case 'ring':
    case 'no-answer':
    // The network does not get as far as to ring these.
    case 'busy':
    case 'unreachable':
  }
};

const REFUSED_AFTER_MS = 1000;

type Answering = Extract<PhoneBehaviour, { type: 'answer' }>;

const answer = async (
  network: Network,
  handset: Handset,
  call: Call,
  behaviour: Answering,
): Promise<void> => {
  // Decoded while it rings, so that nobody waits for it later.
  const decoded = turnsOf(network, behaviour);
  const [turns] = await Promise.all([decoded, after(behaviour.afterMs, call.signal)]);
  if (call.signal.aborted) return;
  if (behaviour.keys !== undefined) call.pressWhenAsked(behaviour.keys);
  call.answer();
  converse(network, handset, call, { turns, hangsUp: behaviour.hangsUp });
};

const turnsOf = (network: Network, { turns }: Answering): Promise<Uint8Array[]> =>
  Promise.all(turns.map((turn) => network.library.get(turn)));

/** A telephone rang somebody itself: a recorded voice holds the conversation then as well. */
export const behaveAsCaller = async (network: Network, handset: Handset, call: Call): Promise<void> => {
  const { behaviour } = handset;
  if (behaviour.type !== 'answer') return;
  const [turns] = await Promise.all([turnsOf(network, behaviour), call.answered]);
  if (!call.signal.aborted) converse(network, handset, call, { turns, hangsUp: behaviour.hangsUp });
};

const converse = (
  network: Network,
  handset: Handset,
  call: Call,
  { turns, hangsUp }: { turns: readonly Uint8Array[]; hangsUp: boolean },
): void => {
  const voice = createVoice({ turns, pace: network.pace });
  call.audio?.onFrame(({ received: heard }) => {
    const act = voice.next({ heard, connected: call.connected, speaking: handset.speech.lengthMs > 0 });
    if (act.type === 'say') handset.speech.push(act.mulaw);
    else if (act.type === 'over' && hangsUp) call.hangUp();
  });
};

const BEEP_MS = 400;
/** What people leave on it is shorter. */
const LONGEST_MESSAGE_MS = 60_000;

const voicemail = async (network: Network, handset: Handset, call: Call): Promise<void> => {
  if (call.signal.aborted) return;
  call.answer();
  handset.speech.push(hum(network.pace.greetingMs));
  handset.speech.push(beep(BEEP_MS));
  handset.speech.mark(call.beeped);
  await call.audio?.wait(network.pace.greetingMs + BEEP_MS + LONGEST_MESSAGE_MS, call.signal);
  call.hangUp();
};
