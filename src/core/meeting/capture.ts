import type { Leg } from '../calls/types.ts';

/** Whether the audio of a conversation is recorded. That of a meeting never is. */
export type Recording =
  /** Not at all: a meeting, or a call whose recording could not be started. */
  | { readonly name: 'none' }
  /** From the moment on when the phone that was called is connected. */
  | { readonly name: 'planned' }
  | { readonly name: 'running' }
  /** Someone declined, and the provider has not confirmed that it stopped. What was recorded is deleted. */
  | { readonly name: 'stopping'; readonly declinedBy: string }
  | { readonly name: 'off'; readonly declinedBy: string };

/** What becomes of what people say in a meeting or a call: the one truth behind page, card and spoken notice. */
export interface Capture {
  readonly kind: 'meeting' | 'call';
  readonly recording: Recording;
  /** Whether captions are on now. Captions are kept as a transcript. */
  readonly captioned: boolean;
  /** Whether the recording is kept once it is transcribed. */
  readonly kept: boolean;
}

/** A call while it runs, for those in it. */
export interface CallState {
  readonly recording: Recording;
  /** When the person called answered, on the conversation's clock; null before. */
  readonly answeredAtMs: number | null;
}

/**
 * @param options.attempt of this process to have it recorded, which is stored only once it succeeded
 * @param options.declinedBy who declined a moment ago, which is not stored yet; null when no one did
 */
export const recordingOf = (
  kind: Capture['kind'],
  legs: readonly Leg[],
  options: { readonly attempt?: 'asked' | 'failed' | null; readonly declinedBy?: string | null } = {},
): Recording => {
  if (kind === 'meeting') return { name: 'none' };
  const { attempt = null, declinedBy = legs.find(({ declined }) => declined)?.name ?? null } = options;
  const stored = legs.find(({ role }) => role === 'callee')?.recording ?? null;
  const isRunning = stored === null ? attempt === 'asked' : stored.state === 'running';
  if (declinedBy !== null) return { name: isRunning ? 'stopping' : 'off', declinedBy };
  if (isRunning) return { name: 'running' };
  return { name: attempt === 'failed' || stored !== null ? 'none' : 'planned' };
};

export const captureOf = (
  kind: Capture['kind'],
  state: { readonly recording: Recording; readonly captionsOn: boolean; readonly kept: boolean },
): Capture => {
  const { recording, captionsOn, kept } = state;
  // Who declines in a call ends its captions for good.
  return { kind, recording, captioned: captionsOn && declinerOf(recording) === null, kept };
};

/** Who declined recording and transcription; null when no one did. */
export const declinerOf = (recording: Recording): string | null =>
  'declinedBy' in recording ? recording.declinedBy : null;

export const isRecorded = ({ recording }: Pick<Capture, 'recording'>): boolean =>
  recording.name === 'planned' || recording.name === 'running';

/** `recorded, captioned and transcribed`: exactly what happens, to complete "is …"; null when nothing does. */
export const captureWords = (capture: Pick<Capture, 'recording' | 'captioned'>): string | null => {
  const done = [isRecorded(capture) && 'recorded', capture.captioned && 'captioned'].filter(
    (each) => each !== false,
  );
  return done.length === 0 ? null : `${done.join(', ')} and transcribed`;
};
