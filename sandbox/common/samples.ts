import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';

const index = z.array(
  z.object({ name: z.string(), title: z.string(), description: z.string(), file: z.string() }),
);

export type Sample = z.infer<typeof index>[number];

/** The sample recordings, as `index.json` in the directory lists them. */
export const listSamples = (directory: string | null): Sample[] => {
  const path = directory === null ? null : join(directory, 'index.json');
  if (path === null || !existsSync(path)) return [];
  return index.parse(JSON.parse(readFileSync(path, 'utf8')));
};

/** The path of a sample; null for an unknown name. */
export const samplePath = (directory: string | null, name: string): string | null => {
  const sample = listSamples(directory).find((one) => one.name === name);
  return directory === null || sample === undefined ? null : join(directory, basename(sample.file));
};
