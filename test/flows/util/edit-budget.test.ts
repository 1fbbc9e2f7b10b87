import { describe, expect, it } from 'vitest';
import type { WorkspaceId } from '../../../src/core/ids.ts';
import { createEditBudget } from '../../../src/flows/util/edit-budget.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/clock.ts';

const WORKSPACE = 'T1' as WorkspaceId;

/** Asks for a turn again after each one; the moments of its turns. */
const writer = (
  budget: ReturnType<typeof createEditBudget>,
  clock: VirtualClock,
  { changedAtMs = () => clock.monotonicMs(), workspaceId = WORKSPACE } = {},
): number[] => {
  const turnsMs: number[] = [];
  const ask = (): void =>
    void budget.request(workspaceId, {
      changedAtMs,
      go: () => {
        turnsMs.push(clock.monotonicMs());
        clock.after(100, ask);
      },
    });
  ask();
  return turnsMs;
};

const mostInAMinute = (momentsMs: readonly number[]): number =>
  Math.max(
    ...momentsMs.map((from) => momentsMs.filter((atMs) => atMs >= from && atMs < from + 60_000).length),
  );

describe('the edits of a workspace', () => {
  it('are never more than 50 in a minute, however many want one', async () => {
    const clock = createVirtualClock();
    const budget = createEditBudget(clock);
    const all = Array.from({ length: 12 }, () => writer(budget, clock));
    await clock.advance(300_000);
    expect(mostInAMinute(all.flat())).toBeLessThanOrEqual(50);
    expect(all.flat().length).toBeGreaterThan(5 * 44);
  });

  it('are those of one workspace alone', async () => {
    const clock = createVirtualClock();
    const budget = createEditBudget(clock);
    const here = writer(budget, clock);
    const elsewhere = writer(budget, clock, { workspaceId: 'T2' as WorkspaceId });
    await clock.advance(60_000);
    expect([here.length, elsewhere.length]).toEqual([50, 50]);
  });

  it('go to what changed last, and to whoever has waited for ten seconds', async () => {
    const clock = createVirtualClock();
    const budget = createEditBudget(clock);
    for (let count = 0; count < 2; count += 1) writer(budget, clock);
    const stale = writer(budget, clock, { changedAtMs: () => 0 });
    await clock.advance(120_000);
    const gapsMs = stale.slice(1).map((atMs, index) => atMs - (stale[index] ?? 0));
    expect(Math.min(...gapsMs.slice(3))).toBeGreaterThan(10_000);
    expect(Math.max(...gapsMs)).toBeLessThan(12_000);
  });

  it('pause for as long as the service asks, and leave out who gave up', async () => {
    const clock = createVirtualClock();
    const budget = createEditBudget(clock);
    budget.hold(WORKSPACE, 30_000);
    const turnsMs = writer(budget, clock);
    let given = false;
    const giveUp = budget.request(WORKSPACE, {
      changedAtMs: () => 0,
      go: () => {
        given = true;
      },
    });
    giveUp();
    await clock.advance(60_000);
    expect(turnsMs[0]).toBe(30_000);
    expect(given).toBe(false);
  });
});
