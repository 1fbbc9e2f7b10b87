import { describe, expect, it } from 'vitest';
import { createHealth } from '../../src/web/health.ts';
import { createVirtualClock } from '../fakes/clock.ts';

const openHealth = () => {
  const clock = createVirtualClock();
  const works = { chat: true, database: true, jobs: true };
  let asked = 0;
  const health = createHealth(
    {
      chat: () => works.chat,
      database: async () => {
        asked += 1;
        return works.database;
      },
      jobs: () => works.jobs,
    },
    clock,
  );
  return { clock, works, health, asked: () => asked };
};

describe('readiness', () => {
  it('names what does not work', async () => {
    const { works, health } = openHealth();
    expect(await health.missing()).toEqual([]);
    works.jobs = false;
    expect(await health.missing()).toEqual(['jobs']);
    works.chat = false;
    expect(await health.missing()).toEqual(['Slack', 'jobs']);
  });

  it('asks the database once a second, however many ask', async () => {
    const { clock, works, health, asked } = openHealth();
    await Promise.all(Array.from({ length: 500 }, () => health.missing()));
    expect(asked()).toBe(1);
    works.database = false;
    await clock.advance(999);
    expect(await health.missing()).toEqual([]);
    await clock.advance(1);
    const answers = await Promise.all(Array.from({ length: 500 }, () => health.missing()));
    expect(answers).toEqual(Array(500).fill(['database']));
    expect(asked()).toBe(2);
  });
});

describe('health', () => {
  const afterMs = async (ms: number, of: ReturnType<typeof openHealth>): Promise<boolean> => {
    await of.health.isStuck();
    await of.clock.advance(ms);
    return of.health.isStuck();
  };

  it('outlives a database that is away, however long: a restart would only end meetings', async () => {
    const one = openHealth();
    Object.assign(one.works, { chat: false, database: false, jobs: false });
    expect(await afterMs(3_600_000, one)).toBe(false);
  });

  it('ends when no job is taken for two minutes although the database answers', async () => {
    const one = openHealth();
    one.works.jobs = false;
    expect(await afterMs(119_000, one)).toBe(false);
    one.works.jobs = true;
    expect(await afterMs(1_000, one)).toBe(false);
    one.works.jobs = false;
    expect(await afterMs(120_000, one)).toBe(true);
  });
});
