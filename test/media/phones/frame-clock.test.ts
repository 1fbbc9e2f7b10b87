import { MessageChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFrameClock } from '../../../src/media/phones/frame-clock.ts';

let nowMs = 0;
beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 0;
});
afterEach(() => vi.useRealTimers());

/** Lets time pass in steps that timers keep. */
const pass = (forMs: number): void => {
  for (let at = 0; at < forMs; at += 1) {
    nowMs += 1;
    vi.advanceTimersByTime(1);
  }
};
/** The process does nothing for a while. */
const stumble = (forMs: number): void => {
  nowMs += forMs;
};

describe('the clock of phones', () => {
  it('is due every 20 ms, for everyone who started it', () => {
    const clock = createFrameClock(() => nowMs);
    const counts = [0, 0];
    const stops = counts.map((_, at) =>
      clock.start(() => {
        counts[at]! += 1;
      }),
    );
    pass(2_000);
    expect(counts).toEqual([100, 100]);
    stops[0]!();
    stops[0]!();
    pass(200);
    expect(counts).toEqual([100, 110]);
    stops[1]!();
    pass(200);
    expect(counts).toEqual([100, 110]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not drift when every timer is late', () => {
    const clock = createFrameClock(() => nowMs);
    let frames = 0;
    const stop = clock.start(() => {
      frames += 1;
    });
    for (let at = 0; at < 1_000; at += 1) {
      stumble(7);
      pass(20);
    }
    stop();
    expect(Math.abs(frames - nowMs / 20)).toBeLessThan(3);
  });

  it('catches up with all that was missed in half a second, and leaves out what was missed beyond', () => {
    const clock = createFrameClock(() => nowMs);
    const times: number[] = [];
    const stop = clock.start(() => times.push(nowMs));
    pass(100);
    stumble(300);
    pass(40);
    expect(times.slice(0, 5)).toEqual([20, 40, 60, 80, 100]);
    expect(times.filter((time) => time > 100)).toHaveLength(17);
    const before = times.length;
    stumble(5_000);
    pass(40);
    expect(times.length - before).toBeLessThanOrEqual(27);
    pass(200);
    expect(times.length - before).toBeLessThanOrEqual(37);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('reads what arrived while the process stood still before it asks for frames', async () => {
    vi.useRealTimers();
    const clock = createFrameClock(() => performance.now());
    const { port1, port2 } = new MessageChannel();
    const order: string[] = [];
    port1.on('message', (what: string) => order.push(what));
    const { promise, resolve } = Promise.withResolvers<void>();
    const stop = clock.start(() => {
      if (order.push('frame') > 3) resolve();
    });
    const untilMs = performance.now() + 100;
    port2.postMessage('sound');
    while (performance.now() < untilMs);
    await promise;
    stop();
    port1.close();
    expect(order[0]).toBe('sound');
  });
});
