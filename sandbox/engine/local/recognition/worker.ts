import { serveWorkerThread } from '../../../common/worker-thread.ts';
import { labelVoices } from '../speakers/diarization.ts';
import { readVoiceSpace } from '../speakers/voice-space.ts';
import type { SpeechSegment } from '../voice-activity/segmenter.ts';
import { Moonshine, type MoonshineSize, type VoiceVectors } from './moonshine.ts';
import { type TimedWord, timeWords } from './word-times.ts';

/** A scribe: a worker thread that writes down what is said in segments of speech, one at a time. */

const models = new Map<MoonshineSize, Promise<Moonshine>>();
const load = (size: MoonshineSize): Promise<Moonshine> => {
  const model = models.get(size) ?? Moonshine.load(size);
  models.set(size, model);
  return model;
};

export interface RecognizedSegment {
  readonly words: readonly TimedWord[];
  /** The voices in it, when asked for. */
  readonly voices: VoiceVectors | null;
}

const write = async (options: {
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

/** Which voice each window of a recording is; `vectors` as `Written.voices` gave them, one after the other. */
const label = (vectors: Float32Array): Int32Array => labelVoices(vectors, readVoiceSpace());

const warm = async (sizes: readonly MoonshineSize[]): Promise<void> => {
  await Promise.all(sizes.map(load));
};

const api = { warm, write, label };
export type RecognizerApi = typeof api;

serveWorkerThread(api);
