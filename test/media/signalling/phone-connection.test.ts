import { describe, expect, it, vi } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import { PhoneConnection } from '../../../src/media/signalling/phone-connection.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { silentLog } from '../support.ts';

/** A connection whose room takes no audio; media themselves are tested with real workers. */
const openConnection = () => {
  const clock = createVirtualClock();
  const attemptsMs: number[] = [];
  const gaveUp = vi.fn();
  const removed = vi.fn();
  const connection = new PhoneConnection({
    legId: 'leg' as LegId,
    async openAudio() {
      attemptsMs.push(clock.monotonicMs());
      throw new Error('no worker');
    },
    startMix: () => () => {},
    mediaChanged: () => {},
    gaveUp,
    clock,
    log: silentLog,
  });
  connection.attach({ play: () => {}, removed });
  return { clock, attemptsMs, gaveUp, removed, connection };
};

describe('a phone whose audio no worker takes', () => {
  it('is tried again after longer and longer waits, and given up after a minute and a half', async () => {
    const { clock, attemptsMs, gaveUp, connection } = openConnection();
    await connection.connect();
    expect(attemptsMs).toEqual([0]);
    await clock.advance(600_000);
    const waits = attemptsMs.slice(1).map((atMs, i) => atMs - attemptsMs[i]!);
    expect(waits.slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(attemptsMs.at(-1)).toBeLessThan(120_000);
    expect(gaveUp).toHaveBeenCalledTimes(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is tried no more once it has left', async () => {
    const { clock, attemptsMs, gaveUp, removed, connection } = openConnection();
    await connection.connect();
    connection.close();
    await clock.advance(600_000);
    expect(attemptsMs).toEqual([0]);
    expect(gaveUp).not.toHaveBeenCalled();
    expect(removed).not.toHaveBeenCalled();
    expect(clock.pendingTimers).toBe(0);
  });
});
