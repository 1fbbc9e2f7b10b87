import { z } from 'zod';
import { address, type Problem, type Values } from './fields.ts';

export const DEEPGRAM_VARIABLES = {
  DEEPGRAM_API_KEY: z
    .string()
    .min(8, { error: 'is too short for a key (console.deepgram.com > API Keys)' })
    .optional(),
  DEEPGRAM_URL: address('Deepgram, a regional endpoint, or one of your own').optional(),
  DEEPGRAM_MIP_OPT_OUT: z.enum(['true', 'false'], { error: 'must be true or false' }).default('true'),
} as const;

type DeepgramValues = Values<typeof DEEPGRAM_VARIABLES>;

export interface DeepgramConfig {
  readonly apiKey: string;
  readonly url: string;
  /** Deepgram may not keep the audio to improve its models. */
  readonly mipOptOut: boolean;
}

export const deepgramProblems = (values: DeepgramValues): Problem[] =>
  values.DEEPGRAM_URL !== undefined && values.DEEPGRAM_API_KEY === undefined
    ? [{ variable: 'DEEPGRAM_API_KEY', message: 'is needed when DEEPGRAM_URL is set' }]
    : [];

/** Null without a key. */
export const deepgramConfig = ({
  DEEPGRAM_API_KEY: apiKey,
  DEEPGRAM_URL: url = 'https://api.deepgram.com',
  DEEPGRAM_MIP_OPT_OUT: mipOptOut,
}: DeepgramValues): DeepgramConfig | null =>
  apiKey === undefined ? null : { apiKey, url, mipOptOut: mipOptOut === 'true' };
