import { useEffect, useState } from 'preact/hooks';

/** The time, a few times a second, so that no second is skipped on the way. */
const EVERY_MS = 250;

export function useNow(): number {
  const [nowMs, setNowMs] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return nowMs;
}
