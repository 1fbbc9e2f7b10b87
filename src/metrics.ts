import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { LegEnding } from './core/calls/types.ts';
import type { Job } from './core/conversation/types.ts';
import { toAppError } from './core/error.ts';
import type { JobHandler, JobHandlers, Store, Tx } from './core/ports.ts';
import type { MediaFigures } from './media/index.ts';
import type { LiveFigures } from './speech/live/index.ts';
import type { TelephonyFigures } from './telephony/index.ts';

export interface Metrics {
  /** The same handlers, counted and timed. */
  measured(handlers: JobHandlers): JobHandlers;
  /** The same store; telephones that end in it are counted, once that is committed. */
  counted(store: Store): Store;
  /** A caption came so long after the audio of its last word. */
  captionCame(delayMs: number): void;
  /** Prometheus' text format. */
  expose(): Promise<{ contentType: string; body: string }>;
}

/** Where figures come from; asked whenever somebody reads them. */
export interface MetricsSources {
  readonly connected: () => boolean;
  readonly live: () => LiveFigures;
  readonly media: () => MediaFigures;
  /** Null where there is no telephone network. */
  readonly telephony: () => TelephonyFigures | null;
}

export const createMetrics = (sources: MetricsSources): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  showSources(registry, sources);
  const captionDelay = new Histogram({
    name: 'parley_caption_delay_seconds',
    help: 'From the audio of a caption’s last word to the caption, by way of the speech engine',
    buckets: [0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30],
    registers: [registry],
  });
  return {
    measured: measuring(registry),
    counted: counting(registry),
    captionCame: (delayMs) => captionDelay.observe(delayMs / 1000),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};

/** What is kept elsewhere and only shown here. */
const showSources = (registry: Registry, { connected, live, media, telephony }: MetricsSources): void => {
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
  gauge('parley_meetings_open', 'Meetings that this process carries', () => media().meetings);
  gauge('parley_meeting_people', 'Browsers that are in a meeting', () => media().people);
  gauge('parley_media_workers', 'Media workers that live', () => media().workersAlive);
  counter('parley_media_worker_deaths_total', 'Media workers that died', () => media().workerDeaths);
  new Gauge({
    name: 'parley_live_streams',
    help: 'Speakers being transcribed, by whether their captions come in time (live) or late (delayed)',
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
    'Live audio sent to the speech engine, with what was sent again after a break',
    () => live().sentMs / 1000,
  );
  counter(
    'parley_live_audio_lost_seconds_total',
    'Live audio given up because the speech engine stayed away',
    () => live().lostMs / 1000,
  );
  counter(
    'parley_live_reconnects_total',
    'Live connections that broke or were not admitted, and were tried again',
    () => live().reconnects,
  );
  counter('parley_caption_finals_total', 'Final captions', () => live().finals);
  gauge('parley_telephones', 'Telephones that are in a meeting or a call', () => media().telephones);
  gauge(
    'parley_telephone_streams',
    'Connections that carry the sound of a telephone',
    () => telephony()?.sockets ?? 0,
  );
  counter(
    'parley_telephone_sound_left_out_seconds_total',
    'Sound that telephones were not sent, so that what they hear is not late',
    () => (telephony()?.leftOutMs ?? 0) / 1000,
  );
  counter(
    'parley_telephone_sound_cleared_total',
    'Times that sound waiting at the telephone network was thrown away, being far too late',
    () => telephony()?.cleared ?? 0,
  );
  new Counter({
    name: 'parley_telephone_requests_refused_total',
    help: 'Requests that were not the telephone network’s own, over HTTP (webhook) or to connect sound (stream)',
    labelNames: ['way'],
    registers,
    collect() {
      const refused = telephony()?.refused ?? { webhooks: 0, streams: 0 };
      this.reset();
      this.inc({ way: 'webhook' }, refused.webhooks);
      this.inc({ way: 'stream' }, refused.streams);
    },
  });
};

/** Every way in which a telephone may end, so that each is there from the start. */
const ENDINGS: Readonly<Record<LegEnding, true>> = {
  'hung-up': true,
  busy: true,
  'no-answer': true,
  'no-place': true,
  cancelled: true,
  failed: true,
};

/**
 * Ends are told twice, late, and to any copy of Parley; that one was new is known where it is stored. A transaction
 * that is tried again begins to count anew.
 */
const counting = (registry: Registry): Metrics['counted'] => {
  const endings = new Counter({
    name: 'parley_calls_ended_total',
    help: 'Telephones whose call ended, by how',
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
        return work(noticing(tx, (how) => ended.push(how)));
      });
      for (const how of ended) endings.inc({ how });
      return result;
    },
  });
};

const noticing = (tx: Tx, onEnded: (how: LegEnding) => void): Tx => ({
  ...tx,
  async saveLeg(leg) {
    const before = leg.state.name === 'ended' ? await tx.leg(leg.id) : null;
    await tx.saveLeg(leg);
    if (leg.state.name === 'ended' && before?.state.name !== 'ended') onEnded(leg.state.how);
  },
});

const measuring = (registry: Registry): Metrics['measured'] => {
  const attempts = new Counter({
    name: 'parley_job_attempts_total',
    help: 'Attempts at durable jobs, by job and outcome (done, failed with a code)',
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
    help: 'How long an attempt took',
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
    'send-privately': measure(handlers['send-privately']),
    'share-export': measure(handlers['share-export']),
    'open-meeting': measure(handlers['open-meeting']),
    'watch-meeting': measure(handlers['watch-meeting']),
    'conclude-meeting': measure(handlers['conclude-meeting']),
    'dial-leg': measure(handlers['dial-leg']),
    'tend-leg': measure(handlers['tend-leg']),
    'transcribe-call': measure(handlers['transcribe-call']),
  });
};
