import { openStorage } from '../../../src/storage/index.ts';
import { clock, silent } from './places.ts';
import { transcribe, watchedHandlers } from './samples.ts';

/**
 * A second process for the tests: opens the given database, says `open`, and works. It takes a job, says
 * `running <attempt>`, and never finishes it; with `dieRunning` it kills itself at that point.
 */
const { databaseUrl, dataDir, enqueue, dieRunning, retryDelaysMs } = JSON.parse(
  process.argv[2]!,
) as ChildOptions;

export interface ChildOptions {
  readonly databaseUrl: string | null;
  readonly dataDir: string;
  readonly enqueue?: string;
  readonly dieRunning?: boolean;
  readonly retryDelaysMs?: readonly number[];
}

const storage = await openStorage({
  databaseUrl,
  dataDir,
  clock,
  log: silent,
  ...(retryDelaysMs === undefined ? {} : { jobs: { retryDelaysMs } }),
});
console.log('open');
const { handlers } = watchedHandlers(async (_job, { attempt }) => {
  console.log(`running ${attempt}`);
  if (dieRunning) process.kill(process.pid, 'SIGKILL');
  await new Promise(() => {});
});
await storage.queue.work(handlers, { concurrency: 1 });
if (enqueue !== undefined) await storage.store.transact((tx) => tx.enqueue(transcribe(enqueue)));
// Keeps the process until it is killed, whatever the storage does.
setInterval(() => storage, 60_000);
