import { z } from 'zod';

/**
 * What a live stream may ask for, in Deepgram's format: its parameters and their values, as far as the engines here know
 * them. As there, any other parameter or value is refused.
 * @see https://developers.deepgram.com/reference/speech-to-text/listen-streaming
 */
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

/** Deepgram counts tokens of its own; a word has at least one. */
const MOST_KEYTERM_WORDS = 500;

const parameters = z.strictObject({
  model: z.enum(['nova-3', 'nova-3-general', 'nova-2', 'nova-2-general', 'base']).default('base'),
  language: z
    .string()
    .regex(/^(multi|[a-z]{2,3}(-[\w-]+)?)$/i, 'No such model/language/tier combination found.')
    .default('en'),
  encoding: z.enum(['linear16', 'mulaw']),
  sample_rate: z.coerce.number().int().min(8_000).max(48_000),
  channels: z.coerce.number().int().min(1).max(1, 'One channel per stream.').default(1),
  interim_results: flag,
  /** Silence that ends a sentence, in milliseconds; `false` for off. */
  endpointing: z
    .union([z.literal('false').transform(() => null), z.coerce.number().int().nonnegative()])
    .default(10),
  utterance_end_ms: z.coerce.number().int().min(1_000).max(5_000).optional(),
  vad_events: flag,
  punctuate: flag,
  smart_format: flag,
  mip_opt_out: flag,
  keyterm: z
    .array(
      z
        .string()
        .min(1)
        .regex(/^[^,]*$/, 'Key terms have no commas.'),
    )
    .default([])
    .refine((terms) => terms.join(' ').split(/\s+/).length <= MOST_KEYTERM_WORDS, {
      message: 'Keyterm limit exceeded. The maximum number of tokens across all keyterms is 500.',
    }),
  tag: z.array(z.string().min(1).max(128)).default([]),
});

export type LiveQuery = z.infer<typeof parameters>;

/** The parameters that an engine here takes. */
export const LIVE_PARAMETERS: readonly string[] = Object.keys(parameters.shape);

/** Given several times for several values. */
const REPEATED: readonly string[] = ['keyterm', 'tag'];

/** @returns the query, or the first problem of it as one sentence */
export const parseLiveQuery = (
  search: URLSearchParams,
): { readonly query: LiveQuery } | { readonly problem: string } => {
  const given: Record<string, unknown> = {};
  for (const name of search.keys()) {
    const values = search.getAll(name);
    given[name] = REPEATED.includes(name) ? values : values.length > 1 ? values : values[0];
  }
  const parsed = parameters.safeParse(given);
  if (parsed.success) return { query: parsed.data };
  const issue = parsed.error.issues[0];
  const where = issue?.path.join('.');
  return { problem: `${where ? `${where}: ` : ''}${issue?.message ?? 'invalid query'}` };
};
