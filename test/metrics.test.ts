import { describe, expect, it } from 'vitest';
import { newLeg } from '../src/core/calls/leg.ts';
import type { LegEvent } from '../src/core/calls/types.ts';
import { newMeeting } from '../src/core/conversation/meeting.ts';
import type {
  ChannelId,
  ConversationId,
  LegId,
  MemberId,
  PhoneNumber,
  WorkspaceId,
} from '../src/core/ids.ts';
import { applyLegEvent } from '../src/flows/meetings/phones/legs.ts';
import { createMetrics, type MetricsSources } from '../src/metrics.ts';
import { createVirtualClock } from './fakes/clock.ts';
import { createMemoryStorage } from './fakes/memory-storage.ts';

const QUIET: MetricsSources = {
  connected: () => true,
  live: () => ({
    live: 0,
    delayed: 0,
    sentMs: 0,
    lostMs: 0,
    leftoverMs: 0,
    reconnects: 0,
    finals: 0,
    seats: 50,
  }),
  media: () => ({ meetings: 0, browsers: 0, phones: 0, workersAlive: 0, workerDeaths: 0 }),
  telephony: () => null,
};

/** The lines of Parley's own figures, by name and labels. */
const read = async (metrics: ReturnType<typeof createMetrics>): Promise<Record<string, number>> => {
  const { body } = await metrics.expose();
  return Object.fromEntries(
    [...body.matchAll(/^(parley_\S+) (\S+)$/gm)].map(([, name, value]) => [name, Number(value)]),
  );
};

describe('figures for Prometheus', () => {
  it('expose meetings, live streams and workers as they are at each scrape', async () => {
    let now = QUIET;
    const metrics = createMetrics({
      connected: () => now.connected(),
      live: () => now.live(),
      media: () => now.media(),
      telephony: () => now.telephony(),
    });
    expect(await read(metrics)).toMatchObject({
      parley_chat_connected: 1,
      parley_meetings_open: 0,
      'parley_live_streams{state="live"}': 0,
      parley_live_audio_sent_seconds_total: 0,
      parley_live_seats: 50,
      parley_phone_streams: 0,
      'parley_phone_requests_refused_total{kind="webhook"}': 0,
    });
    now = {
      connected: () => false,
      live: () => ({
        live: 3,
        delayed: 1,
        sentMs: 12_500,
        lostMs: 250,
        leftoverMs: 4_500,
        reconnects: 2,
        finals: 7,
        seats: 2,
      }),
      media: () => ({ meetings: 2, browsers: 5, phones: 6, workersAlive: 1, workerDeaths: 4 }),
      telephony: () => ({
        sockets: 7,
        skippedMs: 1_250,
        cleared: 3,
        failed: 10,
        refused: { webhooks: 8, streams: 9 },
      }),
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
      parley_phones: 6,
      parley_phone_streams: 7,
      parley_phone_audio_skipped_seconds_total: 1.25,
      parley_phone_audio_cleared_total: 3,
      'parley_phone_requests_refused_total{kind="webhook"}': 8,
      'parley_phone_requests_refused_total{kind="stream"}': 9,
    };
    expect(await read(metrics)).toMatchObject(expected);
    // A counter that is only shown here must not grow by being read.
    expect(await read(metrics)).toMatchObject(expected);
  });

  it('spread the delays of captions over buckets, in seconds', async () => {
    const metrics = createMetrics(QUIET);
    for (const delayMs of [80, 450, 12_000]) metrics.observeCaptionDelay(delayMs);
    expect(await read(metrics)).toMatchObject({
      'parley_caption_delay_seconds_bucket{le="0.1"}': 1,
      'parley_caption_delay_seconds_bucket{le="0.5"}': 2,
      'parley_caption_delay_seconds_bucket{le="10"}': 2,
      'parley_caption_delay_seconds_bucket{le="+Inf"}': 3,
      parley_caption_delay_seconds_count: 3,
    });
  });

  it('count a leg that ended once, however often it is reported, and no rollback', async () => {
    const clock = createVirtualClock();
    const metrics = createMetrics(QUIET);
    const store = metrics.counted(createMemoryStorage(clock).store);
    const call = newMeeting(
      {
        id: 'call' as ConversationId,
        kind: 'call',
        channel: { workspaceId: 'T1' as WorkspaceId, channelId: 'C1' as ChannelId },
        startedBy: 'U1' as MemberId,
        title: '',
      },
      clock.nowMs(),
    );
    const add = (id: string) =>
      newLeg(
        {
          id: id as LegId,
          conversationId: call.id,
          role: 'added',
          number: '+442079460000' as PhoneNumber,
          name: '',
          memberId: null,
          requestedBy: null,
        },
        clock.nowMs(),
      );
    await store.transact(async (tx) => {
      await tx.addConversation(call, 'call');
      for (const id of ['one', 'two']) await tx.addLeg(add(id));
    });
    const busy = { type: 'ended', how: 'busy', reason: null } as const;
    const end = (id: string, event: LegEvent = busy) =>
      store.transact((tx) => applyLegEvent(tx, id as LegId, event, clock.nowMs()));
    const undone = store.transact(async (tx) => {
      await applyLegEvent(tx, 'one' as LegId, busy, clock.nowMs());
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await read(metrics)).toMatchObject({ 'parley_calls_ended_total{how="busy"}': 0 });
    await end('one', { type: 'ringing' });
    await Promise.all([end('one'), end('one')]);
    await end('one', { ...busy, reason: 'It was busy.' });
    await end('two', { type: 'hang-up-requested' });
    expect(await read(metrics)).toMatchObject({
      'parley_calls_ended_total{how="busy"}': 1,
      'parley_calls_ended_total{how="cancelled"}': 1,
      'parley_calls_ended_total{how="hung-up"}': 0,
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
