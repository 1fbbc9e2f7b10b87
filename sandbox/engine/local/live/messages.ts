import { aboutModel, confidenceOf, round, transcriptOf, wordObject } from '../http/responses.ts';
import type { MoonshineSize } from '../recognition/moonshine.ts';
import type { TimedWord } from '../recognition/word-times.ts';

/** Deepgram's messages on a live stream, as plain objects. */

export const liveResults = (
  words: readonly TimedWord[],
  about: {
    readonly start: number;
    readonly end: number;
    readonly isFinal: boolean;
    readonly speechFinal: boolean;
    readonly fromFinalize: boolean;
  },
  stream: { readonly requestId: string; readonly size: MoonshineSize; readonly formatted: boolean },
) => {
  const model = aboutModel(stream.size);
  const [uuid] = model.models;
  return {
    type: 'Results',
    channel_index: [0, 1],
    start: round(about.start),
    duration: round(about.end - about.start),
    is_final: about.isFinal,
    speech_final: about.speechFinal,
    from_finalize: about.fromFinalize,
    channel: {
      alternatives: [
        {
          transcript: transcriptOf(words, stream.formatted),
          confidence: confidenceOf(words),
          words: words.map(wordObject),
        },
      ],
    },
    metadata: {
      request_id: stream.requestId,
      model_uuid: uuid,
      model_info: model.model_info[uuid as string],
      parley_local_engine: true,
    },
  };
};

/** The last message of a stream. */
export const liveMetadata = (stream: {
  readonly requestId: string;
  readonly createdMs: number;
  readonly durationSeconds: number;
  readonly sha256: string;
  readonly size: MoonshineSize;
}) => ({
  type: 'Metadata',
  transaction_key: 'deprecated',
  request_id: stream.requestId,
  sha256: stream.sha256,
  created: new Date(stream.createdMs).toISOString(),
  duration: round(stream.durationSeconds),
  channels: 1,
  ...aboutModel(stream.size),
});
