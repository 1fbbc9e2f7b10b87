import { useEffect, useState } from 'preact/hooks';

/** Renders the component again at an interval, for what depends on the time. */
export const useTicks = (intervalMs: number, isRunning = true): void => {
  const [, render] = useState(0);
  useEffect(() => {
    if (!isRunning) return;
    const timer = setInterval(() => render((count) => count + 1), intervalMs);
    return () => clearInterval(timer);
  }, [intervalMs, isRunning]);
};
