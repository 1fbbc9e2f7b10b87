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

/** Also several languages at once, of which it recognises one. */
export const isEnglish = (tag: string): boolean => /^(en\b|multi$)/i.test(tag);
export const NOT_ENGLISH =
  'No such model/language/tier combination found. The local engine supports English only.';
const english = z.string().default('en').refine(isEnglish, { message: NOT_ENGLISH });

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
    speakers: query.diarize || query.diarize_model !== undefined,
    utterances: query.utterances,
    utteranceSplitSeconds: query.utt_split,
    formatted: query.punctuate || query.smart_format,
    detectLanguage: query.detect_language,
    /** Then each word says its language. */
    multilingual: query.language === 'multi',
  }));
export type RecordingQuery = z.infer<typeof recordingQuery>;

/** The first problem of a query, as one sentence. */
export const problemOf = (error: z.ZodError): string => {
  const issue = error.issues[0];
  const where = issue?.path.join('.');
  return `${where ? `${where}: ` : ''}${issue?.message ?? 'invalid query'}`;
};
