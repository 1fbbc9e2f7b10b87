import { Worker } from 'node:worker_threads';
import type { Log } from '../../core/ports.ts';
import type { RenderRequest } from './request.ts';
import type { RenderResult, RenderTask } from './worker.ts';

/**
 * Renders on a thread: a chart takes some 35 ms of CPU time, and acknowledgements to Slack must not wait for it. The
 * thread starts with the first chart, and again after a crash.
 */
export interface RenderThread {
  /** PNG bytes. Rejects with `RendererBusy` when too many charts are pending. */
  render(request: RenderRequest): Promise<Uint8Array>;
  close(): Promise<void>;
}

export class RendererBusy extends Error {}

interface Pending {
  readonly resolve: (png: Uint8Array) => void;
  readonly reject: (error: Error) => void;
}

export const createRenderThread = ({
  log,
  maxPending,
  file = new URL('./worker.ts', import.meta.url),
}: {
  log: Log;
  maxPending: number;
  /** What runs on the thread. */
  file?: URL;
}): RenderThread => {
  const pending = new Map<number, Pending>();
  let worker: Worker | null = null;
  let nextId = 1;
  let closed = false;

  const failAll = (error: Error): void => {
    const all = [...pending.values()];
    pending.clear();
    for (const each of all) each.reject(error);
  };

  const start = (): Worker => {
    // No environment: the thread has no use for tokens.
    const started = new Worker(file, { env: {}, execArgv: [] });
    started.on('message', (result: RenderResult) => {
      const request = pending.get(result.id);
      pending.delete(result.id);
      if ('png' in result) request?.resolve(result.png);
      else request?.reject(new Error(result.failure));
    });
    const ended = (error: Error): void => {
      if (worker !== started) return;
      worker = null;
      if (!closed) log.error({ error: error.message }, 'charts: the render thread ended');
      failAll(error);
    };
    started.on('error', (error) => ended(error instanceof Error ? error : new Error('The thread failed.')));
    started.on('exit', (code) => ended(new Error(`The thread ended with code ${code}.`)));
    return started;
  };

  return {
    render(request) {
      if (closed) return Promise.reject(new Error('The chart renderer is closed.'));
      if (pending.size >= maxPending) return Promise.reject(new RendererBusy('Too many charts are pending.'));
      worker ??= start();
      const id = nextId++;
      const png = new Promise<Uint8Array>((resolve, reject) => pending.set(id, { resolve, reject }));
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
