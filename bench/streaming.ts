import { type BenchResult, isShort } from './result.ts';
import { answer, createParts } from './support/parts.ts';

/**
 * The path of a recording (link, type detection, engine) against a bare fetch piped into a request, between the same
 * servers. Each runs in its own process, with its own memory and the flags of this one: `--max-semi-space-size`
 * determines how many used read buffers the garbage collector keeps (90 MiB by default, 35 MiB at 2).
 */
export const name = 'streaming';

const MIB = 1024 ** 2;
const part = new URL('./streaming/part.ts', import.meta.url);

export const run = async (): Promise<BenchResult[]> => {
  const short = isShort();
  // A megabyte below the limit of 2 GB.
  const sizeBytes = short ? 256 * MIB : 2 * 1024 * MIB - MIB;
  const servers = createParts();
  const ways: Record<'ours' | 'bare', Result[]> = { ours: [], bare: [] };
  try {
    const filesUrl = await answer<string>(servers.start(part, ['files']));
    const engineUrl = await answer<string>(servers.start(part, ['engine']));
    // Alternating rounds share whatever else the machine is doing; the best of each is the least disturbed.
    for (let round = 0; round < (short ? 5 : 3); round += 1) {
      for (const way of ['bare', 'ours'] as const) {
        const result = await measure([way, filesUrl, engineUrl, String(sizeBytes)]);
        if (result.sentBytes !== sizeBytes) throw new Error(`${way} sent ${result.sentBytes} bytes`);
        ways[way].push(result);
      }
    }
  } finally {
    await servers.stop();
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

const measure = async (given: readonly string[]): Promise<Result> => {
  const parts = createParts();
  try {
    const child = parts.start(part, given);
    await answer<'go'>(child);
    return await answer<Result>(child);
  } finally {
    await parts.stop();
  }
};
