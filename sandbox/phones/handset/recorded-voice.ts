import { FRAME_MS, isVoiced } from '../audio/mulaw.ts';
import type { Pace } from '../options.ts';

export type VoiceAct =
  | { readonly type: 'none' }
  | { readonly type: 'say'; readonly mulaw: Uint8Array }
  /** The last turn is over. Comes once. */
  | { readonly type: 'over' };

/** Shorter sounds are clicks. */
const LEAST_VOICE_MS = 100;

/**
 * A recorded voice that holds a conversation, frame by frame. It says nothing before its sound is connected with
 * somebody, as people let a machine finish its sentences; then a turn, and each further one once it has heard a voice
 * and then silence, or nobody spoke for long.
 */
export const createVoice = (setup: {
  turns: readonly Uint8Array[];
  pace: Pick<Pace, 'quietMs' | 'longestWaitMs'>;
}): {
  next(frame: { heard: Uint8Array; connected: boolean; speaking: boolean }): VoiceAct;
} => {
  const coming = [...setup.turns];
  let began = false;
  let over = setup.turns.length === 0;
  let voicedMs = 0;
  let quietMs = 0;
  let waitedMs = 0;
  const say = (): VoiceAct => {
    voicedMs = 0;
    quietMs = 0;
    waitedMs = 0;
    return { type: 'say', mulaw: coming.shift()! };
  };
  return {
    next: ({ heard, connected, speaking }) => {
      if (over || speaking) return NOTHING;
      if (began && coming.length === 0) {
        over = true;
        return { type: 'over' };
      }
      if (!connected) return NOTHING;
      if (!began) {
        began = true;
        return say();
      }
      waitedMs += FRAME_MS;
      if (isVoiced(heard)) {
        voicedMs += FRAME_MS;
        quietMs = 0;
      } else {
        quietMs += FRAME_MS;
      }
      const answered = voicedMs >= LEAST_VOICE_MS && quietMs >= setup.pace.quietMs;
      const ignored = voicedMs < LEAST_VOICE_MS && waitedMs >= setup.pace.longestWaitMs;
      return answered || ignored ? say() : NOTHING;
    },
  };
};

const NOTHING: VoiceAct = { type: 'none' };
