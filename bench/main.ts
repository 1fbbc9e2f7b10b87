/**
 * `npm run bench [NAME…]`: prints every measurement with its goal. Figures that matter are ratios against
 * something in the same run, since a machine's own speed says nothing of Parley. Exits 1 when a goal is missed.
 * `BENCH_SHORT=1` runs the short forms.
 */
import { readdirSync } from 'node:fs';
import type { Bench, BenchResult } from './result.ts';

const NOT_BENCHES = new Set(['main.ts', 'result.ts']);

const verdict = ({ value, goal }: BenchResult): string => {
  if (goal === undefined) return '';
  if ('atMost' in goal) return `goal at most ${goal.atMost}: ${value <= goal.atMost ? 'met' : 'MISSED'}`;
  return `goal at least ${goal.atLeast}: ${value >= goal.atLeast ? 'met' : 'MISSED'}`;
};

const chosen = process.argv.slice(2);
const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && !NOT_BENCHES.has(file))
  .map((file) => file.slice(0, -'.ts'.length))
  .filter((name) => chosen.length === 0 || chosen.includes(name));

let missed = 0;
for (const name of names) {
  const bench = (await import(`./${name}.ts`)) as Bench;
  console.log(`\n${bench.name}`);
  for (const result of await bench.run()) {
    const outcome = verdict(result);
    if (outcome.endsWith('MISSED')) missed += 1;
    console.log(
      `  ${result.figure.padEnd(56)} ${result.value.toPrecision(4).padStart(10)} ${result.unit.padEnd(8)} ${outcome}`,
    );
  }
}
process.exitCode = missed === 0 ? 0 : 1;
