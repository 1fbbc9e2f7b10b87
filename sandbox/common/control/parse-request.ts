import type { z } from 'zod';
import { ControlError } from './errors.ts';

/** Parses a request. Throws `ControlError` that names each wrong field. */
export const parseRequest = <T>(schema: z.ZodType<T>, value: unknown): T => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'request'}: ${message}`);
  throw new ControlError(400, `The request is invalid. ${faults.join('; ')}.`);
};
