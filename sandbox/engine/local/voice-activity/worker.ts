import { sampleRateHz } from '../../../common/audio.ts';
import { decodeAudio } from '../../../common/decode-audio.ts';
import { serveWorkerThread } from '../../../common/worker-thread.ts';
import { StreamDecoder, type StreamFormat } from '../live/stream-decoder.ts';
import { Segmenter, type SpeechSegment } from './segmenter.ts';
import { Silero } from './silero.ts';

/**
 * The ear: a worker thread that turns files and live streams into segments of speech. What it holds open is
 * known by handles.
 */

/** Silence that ends a segment of a recording. */
const recordingSilenceMs = 400;
/** One answer covers at most this much of a recording, so that live streams get their turn in between. */
const mostSecondsAnAnswer = 30;

export interface ChannelSegment extends SpeechSegment {
  readonly channel: number;
}

/** What was found in the next part of a recording. */
export interface DetectedRecordingPart {
  readonly segments: readonly ChannelSegment[];
  readonly channels: number;
  /** How much of the recording has been heard. */
  readonly processedSeconds: number;
  readonly ended: boolean;
}

export interface DetectedStreamPart {
  /** Segments that ended. */
  readonly segments: readonly SpeechSegment[];
  /** The one that has begun and not ended; only when asked for. */
  readonly open: SpeechSegment | null;
  /** Where it began; null in silence. */
  readonly speakingSinceSeconds: number | null;
  readonly processedSeconds: number;
}

interface Recording {
  readonly chunks: Generator<Float32Array[]>;
  segmenters: Segmenter[] | null;
  heardSamples: number;
}
interface Stream {
  readonly decoder: StreamDecoder;
  readonly segmenter: Segmenter;
}

const recordings = new Map<number, Recording>();
const streams = new Map<number, Stream>();
let nextHandle = 1;
let silero: Promise<Silero> | null = null;
const loadSilero = (): Promise<Silero> => {
  silero ??= Silero.load();
  return silero;
};

const openRecording = (options: { path: string; mix: boolean }): number => {
  const handle = nextHandle++;
  recordings.set(handle, { chunks: decodeAudio(options.path, options), segmenters: null, heardSamples: 0 });
  return handle;
};

/** Fails with an `UndecodableError` when the file is not audio. */
const nextPart = async (handle: number): Promise<DetectedRecordingPart> => {
  const recording = held(recordings, handle);
  const model = await loadSilero();
  const segments: ChannelSegment[] = [];
  const startSamples = recording.heardSamples;
  let ended = false;
  while (
    segments.length === 0 &&
    recording.heardSamples - startSamples < mostSecondsAnAnswer * sampleRateHz
  ) {
    const { value: channels, done } = recording.chunks.next();
    const segmenters: Segmenter[] =
      recording.segmenters ??
      (channels ?? []).map(() => new Segmenter(model.stream(), { silenceMs: recordingSilenceMs }));
    recording.segmenters = segmenters;
    for (const [channel, segmenter] of segmenters.entries()) {
      const found = done ? await segmenter.flush() : await segmenter.push(channels[channel] as Float32Array);
      segments.push(...found.map((segment) => ({ ...segment, channel })));
    }
    ended = done === true;
    if (ended) break;
    recording.heardSamples += channels?.[0]?.length ?? 0;
  }
  return {
    segments,
    channels: recording.segmenters?.length ?? 0,
    processedSeconds: recording.heardSamples / sampleRateHz,
    ended,
  };
};

const closeRecording = (handle: number): void => {
  recordings.get(handle)?.chunks.return(undefined);
  recordings.delete(handle);
};

const openStream = async (options: StreamFormat & { silenceMs: number }): Promise<number> => {
  const model = await loadSilero();
  const handle = nextHandle++;
  streams.set(handle, {
    decoder: new StreamDecoder(options),
    segmenter: new Segmenter(model.stream(), options),
  });
  return handle;
};

const hear = async (options: {
  handle: number;
  bytes: Uint8Array;
  wantOpen: boolean;
}): Promise<DetectedStreamPart> => {
  const { decoder, segmenter } = held(streams, options.handle);
  const segments = await segmenter.push(decoder.decode(options.bytes));
  return streamPart(segmenter, segments, options.wantOpen);
};

/** Ends the open segment without waiting for silence. */
const finish = async (handle: number): Promise<DetectedStreamPart> => {
  const { segmenter } = held(streams, handle);
  return streamPart(segmenter, await segmenter.flush(), false);
};

const streamPart = (
  segmenter: Segmenter,
  segments: SpeechSegment[],
  wantOpen: boolean,
): DetectedStreamPart => ({
  segments,
  open: wantOpen ? segmenter.open : null,
  speakingSinceSeconds: segmenter.speakingSinceSeconds,
  processedSeconds: segmenter.heardSamples / sampleRateHz,
});

const closeStream = (handle: number): void => {
  streams.get(handle)?.decoder.close();
  streams.delete(handle);
};

const held = <T>(map: Map<number, T>, handle: number): T => {
  const found = map.get(handle);
  if (!found) throw new Error('This recording or stream has been closed.');
  return found;
};

const warm = async (): Promise<void> => {
  await loadSilero();
};

const api = { warm, openRecording, nextPart, closeRecording, openStream, hear, finish, closeStream };
export type VoiceActivityApi = typeof api;

serveWorkerThread(api, (result) =>
  typeof result === 'object' && result !== null && 'segments' in result
    ? (result as DetectedRecordingPart).segments.map((segment) => segment.samples.buffer as ArrayBuffer)
    : [],
);
