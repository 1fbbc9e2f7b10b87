import { z } from 'zod';
import { SlackError } from '../errors.ts';
import type { Tier } from '../limits.ts';
import type { Json } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** A method of the Web API. */
export interface Method<Arguments = unknown> {
  /** Which token it takes. */
  readonly token: 'bot' | 'app' | 'none';
  /** Any one of these is enough; with none, every token may call it. */
  readonly scopes: readonly string[];
  readonly tier: Tier;
  /** What has its own limit, such as a channel. */
  readonly limitKey?: (args: Arguments) => string;
  readonly args: z.ZodType<Arguments>;
  readonly run: (workspace: Workspace, args: Arguments) => Json | Promise<Json>;
}

/** Types the arguments within the definition of a method, and hides them from the table. */
export const method = <Arguments>(definition: Method<Arguments>): Method => definition as unknown as Method;

/** Arguments are JSON or form fields, which are text: these schemas accept both. */
export const args = {
  text: z.string(),
  id: z.string().min(1),
  flag: z.preprocess(
    (value) => (typeof value === 'string' ? value === 'true' || value === '1' : value),
    z.boolean(),
  ),
  count: (max: number, otherwise: number) =>
    z.preprocess(
      (value) => (typeof value === 'string' && value !== '' ? Number(value) : value),
      z
        .number()
        .int()
        .min(1)
        .catch(otherwise)
        .transform((limit) => Math.min(limit, max)),
    ),
  /** Any JSON. Text that is not JSON fails with `error`. */
  json: (error: string) =>
    z
      .unknown()
      .transform((value) => (typeof value === 'string' && value !== '' ? parseJson(value, error) : value)),
};

const parseJson = (text: string, error: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new SlackError(error);
  }
};

/** One page of `items` and the cursor of the next, which is empty at the end. */
export const page = <T>(
  items: readonly T[],
  cursor: string | undefined,
  limit: number,
): { items: T[]; next: string } => {
  const start = cursor ? Number(/^at:(\d+)$/.exec(atob64(cursor))?.[1] ?? Number.NaN) : 0;
  if (Number.isNaN(start)) throw new SlackError('invalid_cursor');
  const next = start + limit < items.length ? Buffer.from(`at:${start + limit}`).toString('base64') : '';
  return { items: items.slice(start, start + limit), next };
};

const atob64 = (text: string): string => Buffer.from(text, 'base64').toString('utf8');
