import { serveWorkerThread } from '../../../common/worker-thread.ts';
import { labelVoices } from '../speakers/diarization.ts';
import { readVoiceSpace } from '../speakers/voice-space.ts';
import type { SpeechSegment } from '../voice-activity/segmenter.ts';
import { Moonshine, type MoonshineSize, type VoiceVectors } from './moonshine.ts';
import { type TimedWord, timeWords } from './word-times.ts';

/** A worker thread that recognizes segments of speech, one at a time. */

const models = new Map<MoonshineSize, Promise<Moonshine>>();
const load = (size: MoonshineSize): Promise<Moonshine> => {
  const model = models.get(size) ?? Moonshine.load(size);
  models.set(size, model);
  return model;
};

export interface RecognizedSegment {
  readonly words: readonly TimedWord[];
  /** Its voice vectors, on request. */
  readonly voices: VoiceVectors | null;
}

const recognize = async (options: {
  segment: SpeechSegment;
  size: MoonshineSize;
  voices: boolean;
}): Promise<RecognizedSegment> => {
  const { segment, size } = options;
  const model = await load(size);
  return {
    words: timeWords(await model.transcribe(segment.samples), segment),
    voices: options.voices ? await (await load('tiny')).voices(segment.samples) : null,
  };
};

/** The voice of each window of a recording; `vectors` are those of its segments, one after the other. */
const clusterVoices = (vectors: Float32Array): Int32Array => labelVoices(vectors, readVoiceSpace());

const warm = async (sizes: readonly MoonshineSize[]): Promise<void> => {
  await Promise.all(sizes.map(load));
};

const api = { warm, recognize, clusterVoices };
export type RecognizerApi = typeof api;

serveWorkerThread(api);
