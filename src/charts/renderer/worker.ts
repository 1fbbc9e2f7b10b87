import { parentPort } from 'node:worker_threads';
import { createDrawer } from './draw.ts';
import type { RenderRequest } from './request.ts';

/** The render thread: one chart after the other, in the order of requests. */

export interface RenderTask {
  readonly id: number;
  readonly request: RenderRequest;
}
export type RenderResult =
  | { readonly id: number; readonly png: Uint8Array }
  | { readonly id: number; readonly failure: string };

const port = parentPort;
if (port === null) throw new Error('This file runs on a thread; start it through startChartRenderer.');

const drawer = createDrawer();
let previous: Promise<void> = Promise.resolve();

const render = async ({ id, request }: RenderTask): Promise<void> => {
  try {
    const png = await drawer.draw(request);
    port.postMessage({ id, png } satisfies RenderResult);
  } catch (error) {
    port.postMessage({
      id,
      failure: error instanceof Error ? error.message : 'unknown',
    } satisfies RenderResult);
  }
};

port.on('message', (task: RenderTask) => {
  previous = previous.then(() => render(task));
});
