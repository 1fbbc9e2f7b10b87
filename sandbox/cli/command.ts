import type { Client } from './client.ts';
import type { Options } from './options.ts';

/** What a command prints, and whether it succeeded. */
export interface Outcome {
  readonly print: unknown;
  readonly ok: boolean;
}

export type Command = (client: Client, words: readonly string[], options: Options) => Promise<Outcome>;

export const success = (print: unknown): Outcome => ({ print, ok: true });
