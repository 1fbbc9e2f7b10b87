import { startProcess } from '../test/support/process.ts';
import { temporaryDirectory } from '../test/support/temporary.ts';
import type { BenchResult } from './result.ts';

export const name = 'From the command to a workspace that answers (all simulated)';

export const run = async (): Promise<BenchResult[]> => {
  const { directory, remove } = temporaryDirectory();
  const start = async (): Promise<number> => {
    const began = performance.now();
    const parley = startProcess('src/main.ts', [], { DATA_DIR: directory, PORT: '0', WORKSPACE_PORT: '0' });
    await parley.until(/Parley is ready: \S+/);
    const tookMs = performance.now() - began;
    await parley.stop();
    return tookMs;
  };
  try {
    const cold = await start();
    const warm = await start();
    return [
      { figure: 'cold: an empty data directory', value: cold / 1000, unit: 's' },
      { figure: 'warm: the same directory again', value: warm / 1000, unit: 's' },
      { figure: 'warm over cold', value: warm / cold, unit: '' },
    ];
  } finally {
    remove();
  }
};
