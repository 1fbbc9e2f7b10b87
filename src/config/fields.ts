import { z } from 'zod';

/** A complaint about values that are each well formed but do not go together. The sentence follows the variable's name. */
export interface Problem {
  readonly variable: string;
  readonly message: string;
}

/** What the variables of one subject hold once each is well formed. */
export type Values<Variables extends z.ZodRawShape> = z.infer<z.ZodObject<Variables>>;

export const address = (what: string) =>
  z
    .url({ protocol: /^https?$/, error: `must be an http:// or https:// address (${what})` })
    .transform((url) => url.replace(/\/+$/, ''));

export const whole = (min: number, max: number) =>
  z.coerce
    .number({ error: 'must be a number' })
    .int({ error: 'must be a whole number' })
    .min(min, { error: `must be at least ${min}` })
    .max(max, { error: `must be at most ${max}` });

export const prefixed = (prefix: string, where: string) =>
  z.string().startsWith(prefix, { error: `must start with ${prefix} (${where})` });
