import { subscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';

/** For a process under test, by `--import`: SIGUSR2 ends its threads in the middle of what they do. */
const threads = new Set<Worker>();
subscribe('worker_threads', (message) => {
  threads.add((message as { worker: Worker }).worker);
});
process.on('SIGUSR2', () => {
  for (const thread of threads) void thread.terminate();
});
