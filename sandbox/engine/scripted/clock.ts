import type { Clock } from '../../../src/core/ports.ts';

/** Time as the scripted engine needs it; tests may have it virtual. */
export type EngineClock = Pick<Clock, 'after' | 'monotonicMs'>;

export const machineClock: EngineClock = {
  monotonicMs: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
