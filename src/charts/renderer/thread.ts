import { Worker } from 'node:worker_threads';
import type { Log } from '../../core/ports.ts';
import type { RenderRequest } from './request.ts';
import type { RenderAnswer, RenderTask } from './worker.ts';

/**
 * Renders on a thread of its own: a chart takes some 35 ms of processor time, and Slack's acknowledgements must
 * not wait for it. The thread starts with the first chart, and again after a crash of its own.
 */
export interface RenderThread {
  /** PNG bytes. Rejects with `RendererBusy` when too many charts wait already. */
  render(request: RenderRequest): Promise<Uint8Array>;
  close(): Promise<void>;
}

export class RendererBusy extends Error {}

interface Waiting {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export const createRenderThread = ({
  log,
  maxWaiting,
  file = new URL('./worker.ts', import.meta.url),
}: {
  log: Log;
  maxWaiting: number;
  /** What runs on the thread. */
  file?: URL;
}): RenderThread => {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | null = null;
  let nextId = 1;
  let closed = false;

  const failAll = (error: Error): void => {
    const all = [...waiting.values()];
    waiting.clear();
    for (const each of all) each.reject(error);
  };

  const start = (): Worker => {
    // No environment: the thread draws, and has no business with anybody's tokens.
    const started = new Worker(file, { env: {}, execArgv: [] });
    started.on('message', (answer: RenderAnswer) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('png' in answer) asked?.resolve(answer.png);
      else asked?.reject(new Error(answer.failure));
    });
    const ended = (error: Error): void => {
      if (worker !== started) return;
      worker = null;
      if (!closed) log.error({ error: error.message }, 'the chart renderer’s thread ended');
      failAll(error);
    };
    started.on('error', (error) => ended(error instanceof Error ? error : new Error('The thread failed.')));
    started.on('exit', (code) => ended(new Error(`The thread ended with code ${code}.`)));
    return started;
  };

  return {
    render(request) {
      if (closed) return Promise.reject(new Error('The chart renderer is closed.'));
      if (waiting.size >= maxWaiting) return Promise.reject(new RendererBusy('Too many charts are waiting.'));
      worker ??= start();
      const id = nextId++;
      const png = new Promise<Uint8Array>((resolve, reject) => waiting.set(id, { resolve, reject }));
      worker.postMessage({ id, request } satisfies RenderTask);
      return png;
    },
    async close() {
      closed = true;
      const ending = worker;
      worker = null;
      failAll(new Error('The chart renderer is closed.'));
      await ending?.terminate();
    },
  };
};
