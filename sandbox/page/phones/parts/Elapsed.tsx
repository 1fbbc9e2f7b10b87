import { useNow } from '../use-now.ts';
import { clockOf } from '../words.ts';

/** How long something takes already. Readers are not told every second. */
export function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return (
    <span class="phone-clock" role="timer" aria-live="off">
      {clockOf(nowMs - sinceMs)}
    </span>
  );
}
