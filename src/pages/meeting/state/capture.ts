import { type Capture, captureOf, captureWords, declinerOf } from '../../../core/meeting/capture.ts';
import { LIGHT } from '../consent-sentences.ts';
import { kindOf, type State } from './state.ts';

type Known = Pick<State, 'info' | 'phase' | 'call' | 'captionsOn'>;

/** What becomes of what is said here; before joining, as the server said when the page was opened. */
export const captureNow = (state: Known): Capture => {
  const { info, phase, call, captionsOn } = state;
  if (phase !== 'joined' && info !== null) return info.capture;
  const recording = call?.recording ?? { name: 'none' };
  return captureOf(kindOf(state), { recording, captionsOn, kept: info?.capture.kept ?? false });
};

/** The light that tells it, for as long as it is so. */
export interface Light {
  readonly text: string;
  readonly tone: 'recording' | 'transcribing' | 'off';
}

export const lightOf = (capture: Capture): Light => {
  const { recording } = capture;
  switch (recording.name) {
    case 'running':
      return { text: LIGHT.recording, tone: 'recording' };
    case 'stopping':
      return { text: LIGHT.stopping(recording.declinedBy), tone: 'recording' };
    case 'off':
      return { text: LIGHT.declined(recording.declinedBy), tone: 'off' };
    case 'planned':
    case 'none':
      return capture.captioned
        ? { text: LIGHT.transcribing, tone: 'transcribing' }
        : { text: LIGHT.off, tone: 'off' };
  }
};

/** How long the meeting is; of a call, since it was answered. Null before. */
export const lengthMs = (
  state: Pick<State, 'info' | 'call' | 'clockZeroMs'>,
  nowMs: number,
): number | null => {
  const sinceJoinedMs = nowMs - state.clockZeroMs;
  if (kindOf(state) === 'meeting') return sinceJoinedMs;
  const answeredAtMs = state.call?.answeredAtMs ?? null;
  return answeredAtMs === null ? null : sinceJoinedMs - answeredAtMs;
};

/** Who declined in this call, so that there is nothing to agree to; null when no one did. */
export const declinedBy = (state: Known): string | null => declinerOf(captureNow(state).recording);

/** Whether a transcript of what was said so far is to be expected. */
export const hasTranscript = (state: State): boolean => {
  if (state.talkTime.length > 0 || state.captions.lines.length > 0) return true;
  return state.call?.recording.name === 'running';
};

/** Whether more may follow once this page has left. */
export const isTranscribed = (state: State): boolean =>
  captureWords(captureNow({ ...state, phase: 'joined' })) !== null;
