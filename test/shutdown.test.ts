import { describe, expect, it, vi } from 'vitest';
import { createShutdown } from '../src/shutdown.ts';
import { createVirtualClock } from './fakes/clock.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

const create = (close: () => Promise<void>) => {
  const clock = createVirtualClock();
  const exit = vi.fn();
  return { clock, exit, shutdown: createShutdown({ close, exit, clock, log: silent }) };
};

describe('shutdown', () => {
  it('closes and exits with 0 on a signal', async () => {
    const close = vi.fn(async () => {});
    const { clock, exit, shutdown } = create(close);
    shutdown.signal();
    expect(exit).not.toHaveBeenCalled();
    await clock.advance(0);
    expect(close).toHaveBeenCalledTimes(1);
    expect(exit.mock.calls).toEqual([[0]]);
  });

  it('exits at once on a second signal', () => {
    const { exit, shutdown } = create(() => new Promise(() => {}));
    shutdown.signal();
    shutdown.signal();
    expect(exit.mock.calls).toEqual([[130]]);
  });

  it('exits with 1 when closing fails', async () => {
    const { clock, exit, shutdown } = create(async () => Promise.reject(new Error('a part did not close')));
    shutdown.signal();
    await clock.advance(0);
    expect(exit.mock.calls).toEqual([[1]]);
  });

  it('exits with 1 when closing never ends', async () => {
    const { clock, exit, shutdown } = create(() => new Promise(() => {}));
    shutdown.signal();
    await clock.advance(29_999);
    expect(exit).not.toHaveBeenCalled();
    await clock.advance(1);
    expect(exit.mock.calls).toEqual([[1]]);
  });

  it('closes in order and exits with 1 after a fault outside any job', async () => {
    const close = vi.fn(async () => {});
    const { clock, exit, shutdown } = create(close);
    shutdown.fault(new Error('unhandled'));
    shutdown.fault(new Error('another, while closing'));
    await clock.advance(0);
    expect(close).toHaveBeenCalledTimes(1);
    expect(exit.mock.calls).toEqual([[1]]);
  });
});
