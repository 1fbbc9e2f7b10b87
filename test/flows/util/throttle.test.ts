import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/error.ts';
import type { WorkspaceId } from '../../../src/core/ids.ts';
import { createEditBudget } from '../../../src/flows/util/edit-budget.ts';
import { createThrottledWriter } from '../../../src/flows/util/throttle.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { silentLog } from '../../media/support.ts';

const EVERY_MS = 4_000;
const away = (retryAfterMs?: number) =>
  new AppError({ code: 'chat-failed', retryable: true, userMessage: 'Away.', retryAfterMs });
const refused = () => new AppError({ code: 'chat-failed', retryable: false, userMessage: 'No.' });

/** A writer whose writes fail with these in turn, and the moments of its writes. */
const openWriter = (...failures: (AppError | null)[]) => {
  const clock = createVirtualClock();
  const writtenMs: number[] = [];
  const writer = createThrottledWriter({
    everyMs: EVERY_MS,
    workspaceId: 'T1' as WorkspaceId,
    edits: createEditBudget(clock),
    clock,
    log: silentLog,
    async write() {
      writtenMs.push(clock.monotonicMs());
      const failure = failures.shift() ?? null;
      if (failure !== null) throw failure;
      return false;
    },
  });
  return { clock, writer, writtenMs };
};

describe('a throttled writer', () => {
  it('writes at once, then at its pace, and only when something is due', async () => {
    const { clock, writer, writtenMs } = openWriter();
    for (let call = 0; call < 5; call += 1) writer.schedule();
    await clock.advance(1_000);
    writer.schedule();
    await clock.advance(20_000);
    writer.schedule();
    await clock.advance(20_000);
    expect(writtenMs).toEqual([0, EVERY_MS, 21_000]);
  });

  it('repeats a failed write after longer and longer waits, or after the one that the service asks for', async () => {
    const { clock, writer, writtenMs } = openWriter(away(), away(), away(), away(30_000));
    writer.schedule();
    await clock.advance(120_000);
    expect(writtenMs).toEqual([0, 4_000, 8_000, 16_000, 46_000]);
  });

  it('repeats a refused write once a minute, since its cause may be fixed', async () => {
    const { clock, writer, writtenMs } = openWriter(refused(), refused());
    writer.schedule();
    await clock.advance(300_000);
    expect(writtenMs).toEqual([0, 60_000, 120_000]);
  });

  it('writes nothing after it is closed', async () => {
    const { clock, writer, writtenMs } = openWriter(away());
    writer.schedule();
    await clock.advance(1_000);
    await writer.close();
    writer.schedule();
    await clock.advance(60_000);
    expect(writtenMs).toEqual([0]);
    expect(clock.pendingTimers).toBe(0);
  });
});
