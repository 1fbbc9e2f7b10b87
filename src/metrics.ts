import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LegEnding } from './core/calls/types.ts';
import type { Job } from './core/conversation/types.ts';
import { toAppError } from './core/error.ts';
import type { JobHandler, JobHandlers, Store, Tx } from './core/ports.ts';
import type { RoomStats } from './media/index.ts';
import type { LiveFigures } from './speech/live/index.ts';
import type { TelephonyFigures } from './telephony/index.ts';

export interface Metrics {
  /** The same handlers, counted and timed. */
  measured(handlers: JobHandlers): JobHandlers;
  /** The same store; a leg that ends is counted once that is committed. */
  counted(store: Store): Store;
  /** From the audio of a caption's last word to the caption. */
  observeCaptionDelay(delayMs: number): void;
  /** Prometheus' text format. */
  expose(): Promise<{ contentType: string; body: string }>;
}

/** Where figures come from; read at each scrape. */
export interface MetricsSources {
  readonly connected: () => boolean;
  readonly live: () => LiveFigures;
  readonly media: () => RoomStats;
  /** Null without a phone provider. */
  readonly telephony: () => TelephonyFigures | null;
}

export const createMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  exposeSources(registry, sources);
  const captionDelay = new Histogram({
    name: 'parley_caption_delay_seconds',
    help: 'From the audio of a caption’s last word to the caption, by way of the speech engine',
    buckets: [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30],
    registers: [registry],
  });
  return {
    measured: measureJobs(registry),
    counted: countEndedLegs(registry),
    observeCaptionDelay: (delayMs) => captionDelay.observe(delayMs / 1000),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};

/** Figures that the parts keep themselves. */
const exposeSources = (registry: Registry, { connected, live, media, telephony }: MetricsSources): void => {
  const registers = [registry];
  const gauge = (name: string, help: string, value: () => number): void =>
    void new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  const counter = (name: string, help: string, total: () => number): void =>
    void new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(total());
      },
    });

  gauge('parley_chat_connected', '1 while the chat service is connected', () => (connected() ? 1 : 0));
  gauge('parley_meetings_open', 'Meetings that this instance hosts', () => media().meetings);
  gauge('parley_meeting_people', 'Browsers in a meeting', () => media().browsers);
  gauge('parley_media_workers', 'Media workers that run', () => media().workersAlive);
  counter('parley_media_worker_deaths_total', 'Media workers that died', () => media().workerDeaths);
  new Gauge({
    name: 'parley_live_streams',
    help: 'Speakers being transcribed, by whether their captions are on time (live) or late (delayed)',
    labelNames: ['state'],
    registers,
    collect() {
      const figures = live();
      this.set({ state: 'live' }, figures.live);
      this.set({ state: 'delayed' }, figures.delayed);
    },
  });
  counter(
    'parley_live_audio_sent_seconds_total',
    'Live audio sent to the speech engine, including replays after a reconnect',
    () => live().sentMs / 1000,
  );
  counter(
    'parley_live_audio_lost_seconds_total',
    'Live audio without words, because the speech engine was unavailable for too long or refused it',
    () => live().lostMs / 1000,
  );
  counter(
    'parley_live_audio_leftover_seconds_total',
    'Live audio that was transcribed as a recording, because its stream closed before the engine had heard it',
    () => live().leftoverMs / 1000,
  );
  gauge(
    'parley_live_seats',
    'Live connections to the speech engine that may be open at once: DEEPGRAM_LIVE_STREAMS, or as few as it was found to admit',
    () => live().seats,
  );
  counter(
    'parley_live_reconnects_total',
    'Live connections to the speech engine that broke or were refused, and were retried',
    () => live().reconnects,
  );
  counter('parley_caption_finals_total', 'Final captions', () => live().finals);
  gauge('parley_phones', 'Phones in a meeting or a call', () => media().phones);
  gauge('parley_phone_streams', 'Media Streams connections of phones', () => telephony()?.sockets ?? 0);
  counter(
    'parley_phone_audio_skipped_seconds_total',
    'Audio not sent to phones, to keep their delay low',
    () => (telephony()?.skippedMs ?? 0) / 1000,
  );
  counter(
    'parley_phone_stream_errors_total',
    'Media Streams connections that the phone provider could not open, or broke off',
    () => telephony()?.failed ?? 0,
  );
  counter(
    'parley_phone_audio_cleared_total',
    'Times that audio buffered at the phone provider was cleared because it was too late',
    () => telephony()?.cleared ?? 0,
  );
  new Counter({
    name: 'parley_phone_requests_refused_total',
    help: 'Requests without a valid signature or token of the phone provider, by webhook or stream',
    labelNames: ['kind'],
    registers,
    collect() {
      const refused = telephony()?.refused ?? { webhooks: 0, streams: 0 };
      this.reset();
      this.inc({ kind: 'webhook' }, refused.webhooks);
      this.inc({ kind: 'stream' }, refused.streams);
    },
  });
};

/** All of them, so that each is exposed from the start. */
const ENDINGS: Readonly<Record<LegEnding, true>> = {
  'hung-up': true,
  busy: true,
  'no-answer': true,
  'room-full': true,
  cancelled: true,
  failed: true,
};

/**
 * The provider reports an end more than once and to any instance, so it is counted where it is stored. A transaction that
 * is retried starts counting again.
 */
const countEndedLegs = (registry: Registry): Metrics['counted'] => {
  const endings = new Counter({
    name: 'parley_calls_ended_total',
    help: 'Phones whose call ended, by how',
    labelNames: ['how'],
    registers: [registry],
  });
  for (const how of Object.keys(ENDINGS)) endings.inc({ how }, 0);
  return (store) => ({
    ...store,
    async transact(work) {
      let ended: LegEnding[] = [];
      const result = await store.transact((tx) => {
        ended = [];
        return work(observing(tx, (how) => ended.push(how)));
      });
      for (const how of ended) endings.inc({ how });
      return result;
    },
  });
};

const observing = (tx: Tx, onEnded: (how: LegEnding) => void): Tx => ({
  ...tx,
  async saveLeg(leg) {
    const before = leg.state.name === 'ended' ? await tx.leg(leg.id) : null;
    await tx.saveLeg(leg);
    if (leg.state.name === 'ended' && before?.state.name !== 'ended') onEnded(leg.state.how);
  },
});

const measureJobs = (registry: Registry): Metrics['measured'] => {
  const attempts = new Counter({
    name: 'parley_job_attempts_total',
    help: 'Attempts at durable jobs, by job and outcome: done, or an error code',
    labelNames: ['job', 'outcome'],
    registers: [registry],
  });
  const givenUp = new Counter({
    name: 'parley_jobs_given_up_total',
    help: 'Jobs that ended without success, by job and error code',
    labelNames: ['job', 'code'],
    registers: [registry],
  });
  const seconds = new Histogram({
    name: 'parley_job_seconds',
    help: 'Duration of an attempt',
    labelNames: ['job'],
    buckets: [0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1200, 3600],
    registers: [registry],
  });
  const measure = <J extends Job>(handler: JobHandler<J>): JobHandler<J> => ({
    ...handler,
    async run(job, context) {
      const stop = seconds.startTimer({ job: job.name });
      try {
        await handler.run(job, context);
        attempts.inc({ job: job.name, outcome: 'done' });
      } catch (error) {
        attempts.inc({ job: job.name, outcome: toAppError(error).code });
        throw error;
      } finally {
        stop();
      }
    },
    async gaveUp(job, error) {
      givenUp.inc({ job: job.name, code: error.code });
      await handler.gaveUp(job, error);
    },
  });
  return (handlers) => ({
    announce: measure(handlers.announce),
    transcribe: measure(handlers.transcribe),
    publish: measure(handlers.publish),
    withdraw: measure(handlers.withdraw),
    'take-shared-file': measure(handlers['take-shared-file']),
    'send-privately': measure(handlers['send-privately']),
    'share-export': measure(handlers['share-export']),
    'send-export': measure(handlers['send-export']),
    'open-meeting': measure(handlers['open-meeting']),
    'watch-meeting': measure(handlers['watch-meeting']),
    'conclude-meeting': measure(handlers['conclude-meeting']),
    'dial-leg': measure(handlers['dial-leg']),
    'reconcile-leg': measure(handlers['reconcile-leg']),
    'transcribe-call': measure(handlers['transcribe-call']),
  });
};
