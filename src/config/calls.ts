import { z } from 'zod';
import { isCountry } from '../core/calls/numbers.ts';
import type { CallLimits } from '../core/calls/types.ts';
import { type Problem, type Values, whole } from './fields.ts';

/** `UK` is the code that people take for one most often. */
const unknownCountry = (code: string) => ({
  code: 'custom' as const,
  message: `has ${code}, which is not a country code${code === 'UK' ? ' (use GB for the United Kingdom)' : ''}; see ISO 3166`,
});

export const CALL_VARIABLES = {
  CALL_COUNTRIES: z
    .string()
    .regex(/^[A-Za-z]{2}(\s*,\s*[A-Za-z]{2})*$/, {
      error: 'must be two-letter country codes separated by commas: GB,DE',
    })
    .transform((codes) => [...new Set(codes.toUpperCase().split(/\s*,\s*/))])
    .superRefine((codes, context) => {
      for (const code of codes.filter((one) => !isCountry(one))) context.addIssue(unknownCountry(code));
    })
    .optional(),
  CALL_DEFAULT_COUNTRY: z
    .string()
    .regex(/^[A-Za-z]{2}$/, { error: 'must be a two-letter country code: GB' })
    .transform((code) => code.toUpperCase())
    .superRefine((code, context) => {
      if (!isCountry(code)) context.addIssue(unknownCountry(code));
    })
    .optional(),
  CALLS_PER_MEMBER: whole(0, 100_000).default(30),
  CALLS_PER_CHANNEL: whole(0, 100_000).default(60),
  CALLS_PER_WORKSPACE: whole(0, 1_000_000).default(300),
  CALLS_AT_ONCE: whole(0, 10_000).default(10),
  CALL_MAX_MINUTES: whole(1, 240).default(60),
} as const;

type CallValues = Values<typeof CALL_VARIABLES>;

export interface CallsConfig {
  /** Null: the country of Parley's own number. */
  readonly countries: readonly string[] | null;
  readonly defaultCountry: string | null;
  readonly limits: CallLimits;
}

export const callProblems = ({
  CALL_COUNTRIES: countries,
  CALL_DEFAULT_COUNTRY: national,
}: CallValues): Problem[] =>
  countries !== undefined && national !== undefined && !countries.includes(national)
    ? [
        {
          variable: 'CALL_DEFAULT_COUNTRY',
          message: `must be one of CALL_COUNTRIES (${countries.join(', ')})`,
        },
      ]
    : [];

export const callsConfig = (values: CallValues): CallsConfig => ({
  countries: values.CALL_COUNTRIES ?? null,
  defaultCountry: values.CALL_DEFAULT_COUNTRY ?? null,
  limits: {
    perMember: values.CALLS_PER_MEMBER,
    perChannel: values.CALLS_PER_CHANNEL,
    perWorkspace: values.CALLS_PER_WORKSPACE,
    concurrent: values.CALLS_AT_ONCE,
    maxDurationMs: values.CALL_MAX_MINUTES * 60_000,
  },
});
