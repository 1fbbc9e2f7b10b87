import { useEffect, useState } from 'preact/hooks';

/** Draws the component anew every so often, for what depends on the time. */
export const useTicks = (everyMs: number, running = true): void => {
  const [, redraw] = useState(0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => redraw((count) => count + 1), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, running]);
};
