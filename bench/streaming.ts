import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type BenchResult, isShort } from './result.ts';

/**
 * Our way of a recording (link, look at its beginning, engine) against the barest one between the same two
 * servers: fetch, piped into a request. Servers, ours and the bare one are processes of their own, so that each
 * one's memory is its own. They run with the flags of this one, as Node's fork does it: the collector's
 * `--max-semi-space-size` decides how many spent read buffers lie about (90 MiB by default, 35 MiB at 2).
 */
export const name = 'streaming';

const MIB = 1024 ** 2;
const part = fileURLToPath(new URL('./streaming/part.ts', import.meta.url));

export const run = async (): Promise<BenchResult[]> => {
  const short = isShort();
  // One byte less than the limit of 2 GB would be refused nowhere; a megabyte less leaves no doubt.
  const sizeBytes = short ? 256 * MIB : 2 * 1024 * MIB - MIB;
  const files = await start('files', {});
  const engine = await start('engine', {});
  const ways: Record<'ours' | 'bare', Result[]> = { ours: [], bare: [] };
  try {
    // Alternating rounds share whatever else the machine is doing; the best of each is the least disturbed.
    for (let round = 0; round < (short ? 5 : 3); round += 1) {
      for (const way of ['bare', 'ours'] as const) {
        const child = await start(way, {
          FILES_URL: files.address,
          SIZE_BYTES: String(sizeBytes),
          ENGINE_URL: engine.address,
        });
        const result = await answer<Result>(child.process);
        if (result.sentBytes !== sizeBytes) throw new Error(`${way} sent ${result.sentBytes} bytes`);
        ways[way].push(result);
        await stop(child.process);
      }
    }
  } finally {
    await Promise.all([stop(files.process), stop(engine.process)]);
  }
  const ours = Math.min(...ways.ours.map(({ tookMs }) => tookMs));
  const bare = Math.min(...ways.bare.map(({ tookMs }) => tookMs));
  const growth = Math.max(...ways.ours.map(({ grewBytes }) => grewBytes));
  const mib = Math.round(sizeBytes / MIB);
  return [
    { figure: `bare stream of ${mib} MiB`, value: Math.round(bare), unit: 'ms' },
    { figure: `recording of ${mib} MiB to the engine`, value: Math.round(ours), unit: 'ms' },
    { figure: 'time against the bare stream', value: ours / bare, unit: 'times', goal: { atMost: 1.05 } },
    { figure: 'resident growth', value: growth / MIB, unit: 'MiB', goal: { atMost: 64 } },
  ];
};

interface Result {
  readonly tookMs: number;
  readonly grewBytes: number;
  readonly sentBytes: number;
}

/** Starts one part; it says its address (or `go`) when it is ready. */
const start = async (
  role: string,
  environment: Readonly<Record<string, string>>,
): Promise<{ process: ChildProcess; address: string }> => {
  const child = fork(part, [role], { env: { ...process.env, ...environment } });
  return { process: child, address: await answer<string>(child) };
};

/** The next thing a part says. Rejects when it dies instead. */
const answer = <T>(child: ChildProcess): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const died = (code: number | null): void =>
    reject(new Error(`a part of the measurement ended with ${code}`));
  child.once('exit', died);
  child.once('message', (message) => {
    child.off('exit', died);
    resolve(message as T);
  });
  return promise;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill();
  await gone;
};
