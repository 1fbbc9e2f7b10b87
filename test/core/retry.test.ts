import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import { backoffMs, retry, untilDone } from '../../src/core/retry.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { silentLog } from '../media/support.ts';

const failure = (retryable: boolean) => new AppError({ code: 'unexpected', retryable, userMessage: 'No.' });

/** Work that fails so often and then succeeds, with the moments of its attempts. */
const failing = (times: number, error = failure(true)) => {
  const clock = createVirtualClock();
  const attemptsMs: number[] = [];
  const work = vi.fn(async () => {
    attemptsMs.push(clock.monotonicMs());
    if (attemptsMs.length <= times) throw error;
    return 'done';
  });
  return { clock, work, attemptsMs, error };
};

describe('retry', () => {
  it('waits longer after each failure, up to a limit, until the work succeeds', async () => {
    const { clock, work, attemptsMs } = failing(8);
    const result = retry(work, { clock, waitAfter: untilDone(silentLog, 'failed') });
    await clock.advance(60_000);
    expect(await result).toBe('done');
    const waits = attemptsMs.slice(1).map((atMs, i) => atMs - attemptsMs[i]!);
    expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('ends at once with a failure that is final', async () => {
    const { clock, work, error } = failing(1, failure(false));
    await expect(retry(work, { clock, waitAfter: untilDone(silentLog, 'failed') })).rejects.toBe(error);
    expect(work).toHaveBeenCalledTimes(1);
  });

  it('ends with the last failure when it is aborted, also during a wait', async () => {
    const { clock, work, error } = failing(Number.POSITIVE_INFINITY);
    const signal = clock.timeoutSignal(1_000);
    const result = retry(work, { clock, signal, waitAfter: untilDone(silentLog, 'failed') });
    const rejected = expect(result).rejects.toBe(error);
    await clock.advance(1_000);
    await rejected;
    expect(work).toHaveBeenCalledTimes(3);
    expect(clock.pendingTimers).toBe(0);
  });

  it('makes as many attempts as its caller allows', async () => {
    const { clock, work } = failing(Number.POSITIVE_INFINITY);
    const waitAfter = (_error: unknown, attempt: number) => (attempt < 3 ? 100 : null);
    const rejected = expect(retry(work, { clock, waitAfter })).rejects.toThrow();
    await clock.advance(200);
    await rejected;
    expect(work.mock.calls).toEqual([[1], [2], [3]]);
  });
});

describe('backoff', () => {
  it.each([
    [1, 100],
    [2, 200],
    [4, 800],
    [5, 1_000],
    [60, 1_000],
  ])('after attempt %d waits %d ms', (attempt, waitMs) => {
    expect(backoffMs(attempt, { firstMs: 100, longestMs: 1_000 })).toBe(waitMs);
  });
});
