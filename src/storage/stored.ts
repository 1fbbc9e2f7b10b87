import { z } from 'zod';
import { AppError, ERROR_CODES } from '../core/error.ts';

/**
 * Stored JSON as the program's type. Rows are shared with newer instances during a rolling update, so what this
 * version does not know is left alone: the caller fails, and its job runs again where it can be read.
 * @throws AppError, retryable
 */
export const parseStored = <T>(schema: z.ZodType<T>, json: unknown): T => {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  throw new AppError({
    code: 'unexpected',
    retryable: true,
    userMessage: 'Parley is being updated.',
    cause: new Error('stored data of another version', { cause: parsed.error }),
  });
};

/** What could be read; rows of a newer version are left out. */
export const readable = <Row, T>(rows: readonly Row[], read: (row: Row) => T): T[] =>
  rows.flatMap((row) => {
    try {
      return [read(row)];
    } catch (error) {
      if (error instanceof AppError) return [];
      throw error;
    }
  });

/** Ids were branded when they were first parsed. */
export const id = <Id extends string>(): z.ZodType<Id> => z.string().min(1) as unknown as z.ZodType<Id>;

export const errorCode = z.enum(ERROR_CODES).catch('unexpected');
