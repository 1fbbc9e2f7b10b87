import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { createCharts, startChartRenderer } from '../src/charts/index.ts';
import type { PieChart } from '../src/core/chart.ts';
import { letterOf, PALETTE } from '../src/core/palette.ts';
import type { Log } from '../src/core/ports.ts';
import { type BenchResult, isShort, quantile } from './result.ts';

export const name = 'charts';

const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };

const chart: PieChart = {
  slices: PALETTE.map(({ hex }, at) => ({
    label: `Speaker ${at + 1}`,
    letter: letterOf(at),
    speakingMs: (8 - at) * 10_000,
    share: (8 - at) / 36,
    percent: Math.round(((8 - at) / 36) * 100),
    colour: hex,
  })),
};

/** The load of this thread while `work` ran: the lateness of its timers, and its share of the time. */
const observe = async (work: () => Promise<unknown>): Promise<{ lateMs: number; busy: number }> => {
  const resolutionMs = 5;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  const before = performance.eventLoopUtilization();
  delay.enable();
  await work();
  delay.disable();
  return {
    lateMs: Math.max(0, delay.percentile(99) / 1e6 - resolutionMs),
    busy: performance.eventLoopUtilization(before).utilization,
  };
};

/** How long a chart of eight speakers takes, and what drawing 20 of them costs the thread that answers Slack. */
export const run = async (): Promise<readonly BenchResult[]> => {
  const count = isShort() ? 5 : 20;
  const renderer = await startChartRenderer({ log: quiet });
  const charts = createCharts({ url: renderer.url, log: quiet });
  try {
    const coldStart = performance.now();
    await charts.pie(chart);
    const coldMs = performance.now() - coldStart;

    const times: number[] = [];
    const drawing = await observe(async () => {
      for (let at = 0; at < count; at += 1) {
        const start = performance.now();
        await charts.pie(chart);
        times.push(performance.now() - start);
      }
    });
    const idle = await observe(() => wait(times.reduce((sum, each) => sum + each, 0)));
    const medianMs = quantile(times, 0.5);
    return [
      { figure: 'a chart of 8 speakers, p50', value: medianMs, unit: 'ms' },
      { figure: 'first chart against p50', value: coldMs / medianMs, unit: 'times' },
      {
        figure: `main thread busy while ${count} charts are drawn`,
        value: drawing.busy,
        unit: 'of time',
        goal: { atMost: 0.2 },
      },
      { figure: `event-loop delay while ${count} charts are drawn, p99`, value: drawing.lateMs, unit: 'ms' },
      { figure: 'event-loop delay when idle, p99', value: idle.lateMs, unit: 'ms' },
    ];
  } finally {
    await renderer.close();
  }
};
