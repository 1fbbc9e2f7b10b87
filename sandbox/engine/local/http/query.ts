import { z } from 'zod';

/**
 * The query of `/v1/listen`, in Deepgram's format. Of a recording, what Deepgram does not know is refused before; what
 * only its models can do is ignored.
 * @see https://developers.deepgram.com/reference/speech-to-text/listen-pre-recorded
 */
const flag = z
  .enum(['true', 'false'])
  .default('false')
  .transform((value) => value === 'true');

const english = z
  .string()
  .default('en')
  .refine((tag) => /^(en\b|multi$)/i.test(tag), {
    message: 'No such model/language/tier combination found. The local engine supports English only.',
  });

export const recordingQuery = z
  .object({
    multichannel: flag,
    diarize: flag,
    diarize_model: z.string().optional(),
    utterances: flag,
    utt_split: z.coerce.number().positive().default(0.8),
    punctuate: flag,
    smart_format: flag,
    detect_language: flag,
    language: english,
  })
  .transform((query) => ({
    multichannel: query.multichannel,
    // With a channel per party, no diarization is needed.
    speakers: !query.multichannel && (query.diarize || query.diarize_model !== undefined),
    utterances: query.utterances,
    utteranceSplitSeconds: query.utt_split,
    formatted: query.punctuate || query.smart_format,
    detectLanguage: query.detect_language,
    /** Then each word says its language. */
    multilingual: query.language === 'multi',
  }));
export type RecordingQuery = z.infer<typeof recordingQuery>;

export const liveQuery = z
  .object({
    encoding: z.enum(['linear16', 'mulaw'], {
      message: 'The local engine accepts live audio as linear16 or mulaw; set one as encoding.',
    }),
    sample_rate: z.coerce.number().int().min(8000).max(48_000),
    channels: z.coerce.number().int().max(1, 'The local engine accepts one channel per stream.').default(1),
    interim_results: flag,
    endpointing: z
      .union([z.literal('false').transform(() => null), z.coerce.number().nonnegative()])
      .default(10),
    utterance_end_ms: z.coerce.number().int().min(1000).optional(),
    vad_events: flag,
    punctuate: flag,
    smart_format: flag,
    language: english,
  })
  .transform((query) => ({
    encoding: query.encoding,
    sampleRateHz: query.sample_rate,
    interimResults: query.interim_results,
    endpointingMs: query.endpointing,
    utteranceEndMs: query.utterance_end_ms ?? null,
    vadEvents: query.vad_events,
    formatted: query.punctuate || query.smart_format,
  }));
export type LiveQuery = z.infer<typeof liveQuery>;

/** The first problem of a query, as one sentence. */
export const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  const where = issue?.path.join('.');
  return `${where ? `${where}: ` : ''}${issue?.message ?? 'invalid query'}`;
};
