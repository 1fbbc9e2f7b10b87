import type { Clock, Rooms } from '../../core/ports.ts';

const POLL_EVERY_MS = 250;

/** Waits until media are available, as they are soon after a start. Resolves with whether they are. */
export const waitForMedia = async (
  { rooms, clock }: { readonly rooms: Rooms; readonly clock: Clock },
  timeoutMs: number,
  isGivenUp: () => boolean = () => false,
): Promise<boolean> => {
  const untilMs = clock.monotonicMs() + timeoutMs;
  while (rooms.unavailableReason() !== null && clock.monotonicMs() < untilMs && !isGivenUp()) {
    await clock.sleep(POLL_EVERY_MS);
  }
  return rooms.unavailableReason() === null;
};
