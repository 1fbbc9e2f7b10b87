import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { WallClock } from '../../core/ports.ts';

/** Milliseconds since the meeting began, here or in an earlier process. Never goes back, and never behind what was said. */
export const meetingClock = (
  { startedAtMs }: MeetingConversation,
  saidUntilMs: number,
  { clock, monotonicMs }: { readonly clock: WallClock; readonly monotonicMs: () => number },
): (() => number) => {
  const openedMs = monotonicMs();
  const wallMs = clock.nowMs();
  const beganMs = Math.max(wallMs - (startedAtMs ?? wallMs), saidUntilMs);
  return () => beganMs + (monotonicMs() - openedMs);
};
