import { readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { root } from './process.ts';

const script = z.object({
  durationMs: z.number(),
  shares: z.record(z.string(), z.number()),
  utterances: z.array(
    z.object({ speaker: z.string(), startMs: z.number(), endMs: z.number(), text: z.string() }),
  ),
});
export type Script = z.infer<typeof script>;

export const fixture = (name: string): string => path.join(root, 'test/fixtures', name);

/** The reference transcript of a speech fixture: `two-voices` for `two-voices.wav`. */
export const scriptOf = (name: string): Script =>
  script.parse(JSON.parse(readFileSync(fixture(`${name}.script.json`), 'utf8')));
