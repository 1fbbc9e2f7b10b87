import type { z } from 'zod';
import { ControlError } from './errors.ts';

/** Parses what came; the sentence of a refusal says which field is wrong and how. */
export const parseRequest = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new ControlError(400, `The request is not as it should be. ${faults.join('; ')}.`);
};
