import type { Transcript } from './types.ts';

/** A voice message up to this length is read faster than its figures. */
const SHORT_MS = 60_000;

/** Whether it is a short message of one speaker, of whom nothing is to be compared. */
export const isShortVoice = ({ parties, durationMs }: Transcript): boolean =>
  parties.length === 1 && durationMs < SHORT_MS;
