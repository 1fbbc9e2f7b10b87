import { describe, expect, it } from 'vitest';
import { startProcess } from '../support/process.ts';

/** Measurements that need neither minutes nor a browser. What they measure is `npm run bench`'s business. */
const QUICK = ['captions', 'consumers', 'resume'];

describe('the short forms of the measurements', () => {
  it.each(QUICK)('%s runs, and each of its figures is a number', async (bench) => {
    const run = startProcess('bench/main.ts', [bench], { BENCH_SHORT: '1' });
    const { code } = await run.ended;
    // 1 is a goal that a busy machine misses.
    expect(code, run.output()).toBeLessThanOrEqual(1);
    expect(run.output()).not.toMatch(/Error|NaN/);
    expect(run.output()).toMatch(/\n {2}\S.* \d/);
  });
});
