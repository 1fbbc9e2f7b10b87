import { useEffect, useState } from 'preact/hooks';
import { formatDuration } from '../numbers.ts';

/** Several times a second, so that no second is skipped. */
const INTERVAL_MS = 250;

/** The time since a call began or was answered. Screen readers do not announce each second. */
export function Elapsed({ sinceMs }: { readonly sinceMs: number }) {
  const nowMs = useNow();
  return (
    <span class="phone-clock" role="timer" aria-live="off">
      {formatDuration(nowMs - sinceMs)}
    </span>
  );
}

function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), INTERVAL_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
