import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Job } from './core/conversation/types.ts';
import { toAppError } from './core/error.ts';
import type { JobHandler, JobHandlers } from './core/ports.ts';

export interface Metrics {
  /** The same handlers, counted and timed. */
  measured(handlers: JobHandlers): JobHandlers;
  /** Prometheus' text format. */
  expose(): Promise<{ contentType: string; body: string }>;
}

export const createMetrics = (connected: () => boolean): Metrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
  new Gauge({
    name: 'parley_chat_connected',
    help: '1 while the chat service is connected',
    registers: [registry],
    collect() {
      this.set(connected() ? 1 : 0);
    },
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

  return {
    measured: (handlers) => ({
      announce: measure(handlers.announce),
      transcribe: measure(handlers.transcribe),
      publish: measure(handlers.publish),
      'share-export': measure(handlers['share-export']),
      'open-meeting': measure(handlers['open-meeting']),
      'watch-meeting': measure(handlers['watch-meeting']),
      'conclude-meeting': measure(handlers['conclude-meeting']),
    }),
    expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }),
  };
};
