import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Log } from '../../../../src/core/ports.ts';

const script = z.object({
  durationMs: z.number(),
  channels: z.array(z.string()).nullable(),
  shares: z.record(z.string(), z.number()),
  utterances: z.array(
    z.object({ speaker: z.string(), startMs: z.number(), endMs: z.number(), text: z.string() }),
  ),
});
export type Script = z.infer<typeof script>;

export const fixturePath = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));

export const fixture = async (name: string): Promise<Buffer<ArrayBuffer>> =>
  Buffer.from(await readFile(fixturePath(name)));

export const scriptOf = async (name: string): Promise<Script> =>
  script.parse(JSON.parse((await fixture(`${name}.script.json`)).toString()));

/** What was said, by everybody or by one. */
export const textOf = (of: Script, speaker?: string): string =>
  of.utterances
    .filter((utterance) => speaker === undefined || utterance.speaker === speaker)
    .map((utterance) => utterance.text)
    .join(' ');

const nothing = () => {};
export const silentLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
