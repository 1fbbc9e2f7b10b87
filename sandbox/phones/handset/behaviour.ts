import type { Clock } from '../../../src/core/ports.ts';
import { pause } from '../../common/pause.ts';
import type { ClipLibrary } from '../audio/clip-library.ts';
import { beep, hum } from '../audio/tones.ts';
import type { PhoneBehaviour } from '../control/contract.ts';
import type { HandsetCall } from '../live-call.ts';
import type { Timing } from '../options.ts';
import type { Handset } from './handset.ts';
import { createRecordedVoice } from './recorded-voice.ts';

/** What phones do by themselves. Nothing more happens once the call's signal is aborted. */
export interface Behaviours {
  /** The phone rings. */
  whenCalled(handset: Handset, call: HandsetCall): Promise<void>;
  /** The phone calls someone: a recorded voice holds the conversation then as well. */
  whenCalling(handset: Handset, call: HandsetCall): Promise<void>;
}

type Answering = Extract<PhoneBehaviour, { type: 'answer' }>;

const BEEP_MS = 400;
const MAX_VOICEMAIL_MS = 60_000;

export const createBehaviours = ({
  clips,
  timing,
  clock,
}: {
  clips: ClipLibrary;
  timing: Timing;
  clock: Clock;
}): Behaviours => {
  const turnsOf = ({ turns }: Answering): Promise<Uint8Array[]> =>
    Promise.all(turns.map((turn) => clips.get(turn)));

  const converse = (
    handset: Handset,
    call: HandsetCall,
    { turns, hangsUp }: { turns: readonly Uint8Array[]; hangsUp: boolean },
  ): void => {
    const voice = createRecordedVoice({ turns, timing });
    call.audio?.onFrame(({ received }) => {
      const act = voice.next({ received, connected: call.connected, speaking: handset.speech.lengthMs > 0 });
      if (act.type === 'say') handset.speech.push(act.mulaw);
      else if (act.type === 'end' && hangsUp) call.hangUp();
    });
  };

  const answer = async (handset: Handset, call: HandsetCall, behaviour: Answering): Promise<void> => {
    // Decoded while it rings, so that the first turn does not wait for it.
    const decoded = turnsOf(behaviour);
    const [turns] = await Promise.all([decoded, pause(clock, behaviour.afterMs, call.signal)]);
    if (call.signal.aborted) return;
    if (behaviour.keys !== undefined) call.pressWhenAsked(behaviour.keys);
    call.answer();
    converse(handset, call, { turns, hangsUp: behaviour.hangsUp });
  };

  const answerAsVoicemail = async (handset: Handset, call: HandsetCall): Promise<void> => {
    if (call.signal.aborted) return;
    call.answer();
    handset.speech.push(hum(timing.greetingMs));
    handset.speech.push(beep(BEEP_MS));
    handset.speech.mark(() => call.endGreeting());
    await call.audio?.wait(timing.greetingMs + BEEP_MS + MAX_VOICEMAIL_MS, call.signal);
    call.hangUp();
  };

  return {
    whenCalled: async (handset, call) => {
      const { behaviour } = handset;
      switch (behaviour.type) {
        case 'answer':
          return answer(handset, call, behaviour);
        case 'voicemail':
          await pause(clock, behaviour.afterMs, call.signal);
          return answerAsVoicemail(handset, call);
        case 'decline':
          await pause(clock, timing.declineAfterMs, call.signal);
          return call.hangUp();
        // Until its user answers, or the caller gives up.
        case 'ring':
        case 'no-answer':
        // These do not ring at all.
        case 'busy':
        case 'unreachable':
      }
    },
    whenCalling: async (handset, call) => {
      const { behaviour } = handset;
      if (behaviour.type !== 'answer') return;
      const [turns] = await Promise.all([turnsOf(behaviour), call.answered]);
      if (!call.signal.aborted) converse(handset, call, { turns, hangsUp: behaviour.hangsUp });
    },
  };
};
