import { describe, expect, it, vi } from 'vitest';
import { systemClock } from '../src/clock.ts';
import type { Clock } from '../src/core/ports.ts';
import { createVirtualClock } from './fakes/clock.ts';

const clocks: Record<string, () => { clock: Clock; pass: (ms: number) => Promise<void> }> = {
  'the machine’s': () => ({
    clock: systemClock,
    pass: (ms) => new Promise((resolve) => void setTimeout(resolve, ms)),
  }),
  virtual: () => {
    const clock = createVirtualClock();
    return { clock, pass: (ms) => clock.advance(ms) };
  },
};

describe.each(Object.entries(clocks))('%s clock', (_name, create) => {
  it('wakes a sleeper not before its time', async () => {
    const { clock, pass } = create();
    const beganMs = clock.monotonicMs();
    let wokeMs: number | null = null;
    const sleeping = clock.sleep(20).then(() => {
      wokeMs = clock.monotonicMs();
    });
    await pass(0);
    expect(wokeMs).toBeNull();
    await pass(40);
    await sleeping;
    // Timers of the machine count whole milliseconds.
    expect(wokeMs! - beganMs).toBeGreaterThanOrEqual(19);
  });

  it('rejects a sleep with the reason of the signal that ends it', async () => {
    const { clock } = create();
    const ending = new AbortController();
    const sleeping = clock.sleep(3_600_000, ending.signal);
    ending.abort(new Error('stopped'));
    await expect(sleeping).rejects.toThrow('stopped');
    await expect(clock.sleep(1, ending.signal)).rejects.toThrow('stopped');
  });

  it('calls after a while once, and every while again and again, until cancelled', async () => {
    const { clock, pass } = create();
    const once = vi.fn();
    const often = vi.fn();
    const never = vi.fn();
    clock.after(5, once);
    clock.after(5, never)();
    const cancel = clock.every(5, often);
    await pass(200);
    expect(once).toHaveBeenCalledTimes(1);
    expect(often.mock.calls.length).toBeGreaterThan(1);
    expect(never).not.toHaveBeenCalled();
    cancel();
    cancel();
    const calls = often.mock.calls.length;
    await pass(20);
    expect(often).toHaveBeenCalledTimes(calls);
  });

  it('aborts a signal in time with a TimeoutError', async () => {
    const { clock, pass } = create();
    const signal = clock.timeoutSignal(5);
    expect(signal.aborted).toBe(false);
    await pass(100);
    expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
  });
});

describe('the virtual clock', () => {
  it('runs timers in the order of their moments, each at its own', async () => {
    const clock = createVirtualClock();
    const beganMs = clock.monotonicMs();
    const ran: [string, number][] = [];
    const note = (name: string) => () => void ran.push([name, clock.monotonicMs() - beganMs]);
    clock.after(30, note('c'));
    clock.after(10, () => {
      note('a')();
      clock.after(10, note('b'));
    });
    await clock.advance(60_000);
    expect(ran).toEqual([
      ['a', 10],
      ['b', 20],
      ['c', 30],
    ]);
    expect(clock.monotonicMs() - beganMs).toBe(60_000);
    expect(clock.pendingTimers).toBe(0);
  });

  it('advances until something is so, and fails when it never is', async () => {
    const clock = createVirtualClock();
    let rings = 0;
    clock.every(1_000, () => {
      rings += 1;
    });
    await clock.advanceUntil(() => rings === 3);
    expect(clock.monotonicMs()).toBe(3_000);
    await expect(clock.advanceUntil(() => rings === 100, 10_000)).rejects.toThrow('10000 ms of virtual time');
  });
});
