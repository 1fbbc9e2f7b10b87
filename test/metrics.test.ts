import { describe, expect, it } from 'vitest';
import { createMetrics, type MetricsSources } from '../src/metrics.ts';

const QUIET: MetricsSources = {
  connected: () => true,
  live: () => ({ live: 0, delayed: 0, sentMs: 0, lostMs: 0, reconnects: 0, finals: 0 }),
  media: () => ({ meetings: 0, people: 0, workersAlive: 0, workerDeaths: 0 }),
};

/** The lines of Parley's own figures, by name and labels. */
const read = async (metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> => {
  const { body } = await metrics.expose();
  return Object.fromEntries(
    [...body.matchAll(/^(parley_\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
};

describe('figures for Prometheus', () => {
  it('show meetings, live streams and workers as they are when somebody reads them', async () => {
    let now = QUIET;
    const metrics = createMetrics({
      connected: () => now.connected(),
      live: () => now.live(),
      media: () => now.media(),
    });
    expect(await read(metrics)).toMatchObject({
      parley_chat_connected: 1,
      parley_meetings_open: 0,
      'parley_live_streams{state="live"}': 0,
      parley_live_audio_sent_seconds_total: 0,
    });
    now = {
      connected: () => false,
      live: () => ({ live: 3, delayed: 1, sentMs: 12_500, lostMs: 250, reconnects: 2, finals: 7 }),
      media: () => ({ meetings: 2, people: 5, workersAlive: 1, workerDeaths: 4 }),
    };
    const expected = {
      parley_chat_connected: 0,
      parley_meetings_open: 2,
      parley_meeting_people: 5,
      'parley_live_streams{state="live"}': 3,
      'parley_live_streams{state="delayed"}': 1,
      parley_live_audio_sent_seconds_total: 12.5,
      parley_live_audio_lost_seconds_total: 0.25,
      parley_live_reconnects_total: 2,
      parley_caption_finals_total: 7,
      parley_media_workers: 1,
      parley_media_worker_deaths_total: 4,
    };
    expect(await read(metrics)).toMatchObject(expected);
    // A counter that is only shown here must not grow by being read.
    expect(await read(metrics)).toMatchObject(expected);
  });

  it('spread the delays of captions over buckets, in seconds', async () => {
    const metrics = createMetrics(QUIET);
    for (const delayMs of [80, 450, 12_000]) metrics.captionCame(delayMs);
    expect(await read(metrics)).toMatchObject({
      'parley_caption_delay_seconds_bucket{le="0.1"}': 1,
      'parley_caption_delay_seconds_bucket{le="0.5"}': 2,
      'parley_caption_delay_seconds_bucket{le="10"}': 2,
      'parley_caption_delay_seconds_bucket{le="+Inf"}': 3,
      parley_caption_delay_seconds_count: 3,
    });
  });

  it('have names by Prometheus’ rules: what only grows ends in _total, and each has its help', async () => {
    const { body } = await createMetrics(QUIET).expose();
    const types = [...body.matchAll(/^# TYPE (parley_\S+) (\S+)$/gm)];
    expect(types.length).toBeGreaterThan(10);
    for (const [, name, type] of types) {
      expect(name).toMatch(/^parley_[a-z_]+$/);
      expect(name!.endsWith('_total')).toBe(type === 'counter');
      expect(body).toMatch(new RegExp(`^# HELP ${name} \\S`, 'm'));
    }
  });
});
