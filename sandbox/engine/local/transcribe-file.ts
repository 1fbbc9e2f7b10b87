import { concatSamples, sampleRateHz } from '../../common/audio.ts';
import type { WorkerThread } from '../../common/worker-thread.ts';
import {
  type MoonshineSize,
  type VoiceVectors,
  voiceHopSeconds,
  voiceSize,
  voiceWindowSeconds,
} from './recognition/moonshine.ts';
import type { Lane, RecognizerPool } from './recognition/pool.ts';
import type { TimedWord } from './recognition/word-times.ts';
import type { RecognizedSegment } from './recognition/worker.ts';
import { settleSpeakers, type VoiceWindow } from './speakers/diarization.ts';
import type { ChannelSegment, VoiceActivityApi } from './voice-activity/worker.ts';

export interface SpokenWord extends TimedWord {
  readonly channel: number;
  /** 0-based within the channel; null when speakers were not asked for. */
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
  /** One result a channel of the file; otherwise its channels are mixed. */
  readonly multichannel: boolean;
  /** Tells voices apart within each channel. */
  readonly speakers: boolean;
  readonly size: MoonshineSize;
  readonly signal: AbortSignal;
}

/** What bounds the memory of one request: segments read but not yet written down. */
const mostUnderWay = 4;

interface Heard {
  readonly segment: Pick<ChannelSegment, 'channel' | 'startSample'> & { readonly sampleCount: number };
  readonly written: RecognizedSegment;
}

/**
 * Hears a whole file, a few segments at a time.
 * @throws ThreadError of kind `UndecodableError` when it is not audio; the signal's reason when aborted.
 */
export const transcribeFile = async (
  parts: { readonly voiceActivity: WorkerThread<VoiceActivityApi>; readonly recognizers: RecognizerPool },
  options: TranscribeOptions,
): Promise<Transcription> => {
  const lane = parts.recognizers.open('recording');
  const handle = await parts.voiceActivity.call('openRecording', {
    path: options.path,
    mix: !options.multichannel,
  });
  try {
    const { heard, durationSeconds, channels } = await hearAll(parts.voiceActivity, handle, lane, options);
    const words: SpokenWord[] = [];
    for (let channel = 0; channel < channels; channel++) {
      const own = heard.filter(({ segment }) => segment.channel === channel);
      words.push(...(await wordsOf(own, channel, lane)));
    }
    return { durationSeconds, channels, words };
  } finally {
    lane.close();
    await parts.voiceActivity.call('closeRecording', handle);
  }
};

const hearAll = async (
  ear: WorkerThread<VoiceActivityApi>,
  handle: number,
  lane: Lane,
  options: TranscribeOptions,
): Promise<{ heard: Heard[]; durationSeconds: number; channels: number }> => {
  const underWay = new Set<Promise<void>>();
  const heard: Heard[] = [];
  for (;;) {
    options.signal.throwIfAborted();
    const part = await ear.call('nextPart', handle);
    for (const segment of part.segments) {
      const at = heard.length++;
      const { channel, startSample, samples } = segment;
      const place = { channel, startSample, sampleCount: samples.length };
      const work = lane
        .run((scribe) =>
          scribe.call('write', { segment, size: options.size, voices: options.speakers }, [
            samples.buffer as ArrayBuffer,
          ]),
        )
        .then((written) => {
          heard[at] = { segment: place, written };
          underWay.delete(work);
        });
      // Its failure is seen where it is awaited; until then it must not count as unhandled.
      work.catch(() => {});
      underWay.add(work);
      while (underWay.size >= mostUnderWay) {
        await Promise.race(underWay);
        options.signal.throwIfAborted();
      }
    }
    if (!part.ended) continue;
    await Promise.all(underWay);
    return { heard, durationSeconds: part.processedSeconds, channels: part.channels };
  }
};

const wordsOf = async (heard: readonly Heard[], channel: number, lane: Lane): Promise<SpokenWord[]> => {
  const voices = heard.map(({ written }) => written.voices);
  if (!voices.every((voice) => voice !== null))
    return heard.flatMap(({ written }) =>
      written.words.map((word) => ({ ...word, channel, speaker: null, speakerConfidence: null })),
    );
  const vectors = concatSamples(voices.map((voice) => voice.vectors));
  const labels = await lane.run((scribe) => scribe.call('label', vectors));
  let at = 0;
  return heard.flatMap(({ segment, written }) => {
    const windows = windowsOf(segment, written.voices as VoiceVectors);
    const own = labels.subarray(at, at + windows.length);
    at += windows.length;
    return settleSpeakers(written.words, windows, own).map((word) => ({ ...word, channel }));
  });
};

/** When each voice vector of a segment was spoken. */
const windowsOf = (segment: Heard['segment'], voices: VoiceVectors): VoiceWindow[] => {
  const start = segment.startSample / sampleRateHz;
  const end = start + segment.sampleCount / sampleRateHz;
  return Array.from({ length: voices.vectors.length / voiceSize }, (_, i) => ({
    startSeconds: start + i * voiceHopSeconds,
    endSeconds: Math.min(start + i * voiceHopSeconds + voiceWindowSeconds, end),
  }));
};
