import { FRAME_MS, isVoiced } from '../audio/mulaw.ts';
import type { Timing } from '../options.ts';

type VoiceAct =
  | { readonly type: 'none' }
  | { readonly type: 'say'; readonly mulaw: Uint8Array }
  /** The last turn is over. Once. */
  | { readonly type: 'end' };

/** Shorter sounds are clicks. */
const MIN_VOICE_MS = 100;
const NOTHING: VoiceAct = { type: 'none' };

/**
 * A recorded voice that holds a conversation, frame by frame. It is silent until its audio is connected, as people let
 * a machine finish. Then it says a turn, and each further one after a voice and then silence, or after a long wait.
 */
export const createRecordedVoice = (setup: {
  turns: readonly Uint8Array[];
  timing: Pick<Timing, 'quietMs' | 'longestWaitMs'>;
}): {
  next(frame: { received: Uint8Array; connected: boolean; speaking: boolean }): VoiceAct;
} => {
  const left = [...setup.turns];
  let begun = false;
  let ended = setup.turns.length === 0;
  let voicedMs = 0;
  let quietMs = 0;
  let waitedMs = 0;
  const say = (): VoiceAct => {
    begun = true;
    voicedMs = 0;
    quietMs = 0;
    waitedMs = 0;
    return { type: 'say', mulaw: left.shift()! };
  };
  return {
    next: ({ received, connected, speaking }) => {
      if (ended || speaking) return NOTHING;
      if (begun && left.length === 0) {
        ended = true;
        return { type: 'end' };
      }
      if (!connected) return NOTHING;
      if (!begun) return say();
      waitedMs += FRAME_MS;
      if (isVoiced(received)) {
        voicedMs += FRAME_MS;
        quietMs = 0;
      } else {
        quietMs += FRAME_MS;
      }
      const answered = voicedMs >= MIN_VOICE_MS && quietMs >= setup.timing.quietMs;
      const ignored = voicedMs < MIN_VOICE_MS && waitedMs >= setup.timing.longestWaitMs;
      return answered || ignored ? say() : NOTHING;
    },
  };
};
