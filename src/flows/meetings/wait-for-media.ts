import type { FlowParts } from '../parts.ts';
import { pause } from '../util/pause.ts';

const LOOK_EVERY_MS = 250;

/** After a start, media take a moment to be there. Resolves with whether they are, after `ms` at the latest. */
export const waitForMedia = async (
  { meetings: { rooms, monotonicMs } }: Pick<FlowParts, 'meetings'>,
  ms: number,
  given: { readonly up: () => boolean } = { up: () => false },
): Promise<boolean> => {
  const untilMs = monotonicMs() + ms;
  while (rooms.unavailableReason() !== null && monotonicMs() < untilMs && !given.up())
    await pause(LOOK_EVERY_MS);
  return rooms.unavailableReason() === null;
};
