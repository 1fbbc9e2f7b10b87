import { concatSamples, sampleRateHz } from '../../common/audio.ts';
import type { WorkerThread } from '../../common/worker-thread.ts';
import {
  type MoonshineSize,
  type VoiceVectors,
  voiceHopSeconds,
  voiceSize,
  voiceWindowSeconds,
} from './recognition/moonshine.ts';
import type { RecognizerPool, RecognizerQueue } from './recognition/pool.ts';
import type { TimedWord } from './recognition/word-times.ts';
import type { RecognizedSegment } from './recognition/worker.ts';
import { settleSpeakers, type VoiceWindow } from './speakers/diarization.ts';
import type { ChannelSegment, VoiceActivityApi } from './voice-activity/worker.ts';

export interface SpokenWord extends TimedWord {
  readonly channel: number;
  /** 0-based within the channel; null without diarization. */
  readonly speaker: number | null;
  /** The share of the voice windows over this word that agree; 0 to 1. */
  readonly speakerConfidence: number | null;
}

export interface Transcription {
  readonly durationSeconds: number;
  readonly channels: number;
  /** By channel, and within a channel by time. */
  readonly words: readonly SpokenWord[];
}

export interface TranscribeOptions {
  readonly path: string;
  /** A result per channel; otherwise the channels are mixed. */
  readonly multichannel: boolean;
  /** Diarizes each channel. */
  readonly speakers: boolean;
  readonly size: MoonshineSize;
  readonly signal: AbortSignal;
}

/** Bounds the memory of a request: segments read but not yet recognized. */
const maxPending = 4;

interface PendingSegment {
  readonly segment: Pick<ChannelSegment, 'channel' | 'startSample'> & { readonly sampleCount: number };
  readonly recognized: RecognizedSegment;
}

/**
 * Transcribes a file, a few segments at a time.
 * @throws WorkerThreadError of kind `UndecodableError` without decodable audio; the signal's reason when aborted.
 */
export const transcribeFile = async (
  parts: { readonly voiceActivity: WorkerThread<VoiceActivityApi>; readonly recognizers: RecognizerPool },
  options: TranscribeOptions,
): Promise<Transcription> => {
  const queue = parts.recognizers.open('recording');
  const handle = await parts.voiceActivity.call('openRecording', {
    path: options.path,
    mix: !options.multichannel,
  });
  try {
    const { results, durationSeconds, channels } = await recognizeAll(
      parts.voiceActivity,
      handle,
      queue,
      options,
    );
    const words: SpokenWord[] = [];
    for (let channel = 0; channel < channels; channel++) {
      const own = results.filter(({ segment }) => segment.channel === channel);
      words.push(...(await wordsOf(own, channel, queue)));
    }
    return { durationSeconds, channels, words };
  } finally {
    queue.close();
    await parts.voiceActivity.call('closeRecording', handle);
  }
};

const recognizeAll = async (
  voiceActivity: WorkerThread<VoiceActivityApi>,
  handle: number,
  queue: RecognizerQueue,
  options: TranscribeOptions,
): Promise<{ results: PendingSegment[]; durationSeconds: number; channels: number }> => {
  const pending = new Set<Promise<void>>();
  const results: PendingSegment[] = [];
  for (;;) {
    options.signal.throwIfAborted();
    const part = await voiceActivity.call('nextPart', handle);
    for (const segment of part.segments) {
      const at = results.length++;
      const { channel, startSample, samples } = segment;
      const position = { channel, startSample, sampleCount: samples.length };
      const work = queue
        .run((recognizer) =>
          recognizer.call('recognize', { segment, size: options.size, voices: options.speakers }, [
            samples.buffer as ArrayBuffer,
          ]),
        )
        .then((recognized) => {
          results[at] = { segment: position, recognized };
          pending.delete(work);
        });
      // A failure is handled where it is awaited; until then it must not count as unhandled.
      work.catch(() => {});
      pending.add(work);
      while (pending.size >= maxPending) {
        await Promise.race(pending);
        options.signal.throwIfAborted();
      }
    }
    if (!part.ended) continue;
    await Promise.all(pending);
    return { results, durationSeconds: part.processedSeconds, channels: part.channels };
  }
};

const wordsOf = async (
  results: readonly PendingSegment[],
  channel: number,
  queue: RecognizerQueue,
): Promise<SpokenWord[]> => {
  const voices = results.map(({ recognized }) => recognized.voices);
  if (!voices.every((voice) => voice !== null))
    return results.flatMap(({ recognized }) =>
      recognized.words.map((word) => ({ ...word, channel, speaker: null, speakerConfidence: null })),
    );
  const vectors = concatSamples(voices.map((voice) => voice.vectors));
  const labels = await queue.run((recognizer) => recognizer.call('clusterVoices', vectors));
  let at = 0;
  return results.flatMap(({ segment, recognized }) => {
    const windows = windowsOf(segment, recognized.voices as VoiceVectors);
    const own = labels.subarray(at, at + windows.length);
    at += windows.length;
    return settleSpeakers(recognized.words, windows, own).map((word) => ({ ...word, channel }));
  });
};

/** The window of each voice vector of a segment. */
const windowsOf = (segment: PendingSegment['segment'], voices: VoiceVectors): VoiceWindow[] => {
  const start = segment.startSample / sampleRateHz;
  const end = start + segment.sampleCount / sampleRateHz;
  return Array.from({ length: voices.vectors.length / voiceSize }, (_, i) => ({
    startSeconds: start + i * voiceHopSeconds,
    endSeconds: Math.min(start + i * voiceHopSeconds + voiceWindowSeconds, end),
  }));
};
