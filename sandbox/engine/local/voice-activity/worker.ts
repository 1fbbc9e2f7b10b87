import { sampleRateHz } from '../../../common/audio.ts';
import { decodeAudio } from '../../../common/decode-audio.ts';
import { serveWorkerThread } from '../../../common/worker-thread.ts';
import { StreamDecoder, type StreamFormat } from '../live/stream-decoder.ts';
import { Segmenter, type SpeechSegment } from './segmenter.ts';
import { Silero } from './silero.ts';

/**
 * A worker thread that decodes files and live sessions and cuts them into segments of speech. Open recordings and sessions
 * are known by handles.
 */

/** Silence that ends a segment of a recording. */
const recordingSilenceMs = 400;
/** One call covers at most this much of a recording, so that live sessions get their turn in between. */
const maxSecondsPerCall = 30;

export interface ChannelSegment extends SpeechSegment {
  readonly channel: number;
}

/** The segments of the next part of a recording. */
export interface DetectedRecordingPart {
  readonly segments: readonly ChannelSegment[];
  readonly channels: number;
  /** How much of the recording was processed. */
  readonly processedSeconds: number;
  readonly ended: boolean;
}

export interface DetectedStreamPart {
  /** Segments that ended. */
  readonly segments: readonly SpeechSegment[];
  /** The unfinished segment, on request. */
  readonly open: SpeechSegment | null;
  /** Its start; null in silence. */
  readonly speakingSinceSeconds: number | null;
  readonly processedSeconds: number;
}

interface Recording {
  readonly chunks: Generator<Float32Array[]>;
  segmenters: Segmenter[] | null;
  decodedSamples: number;
}
interface Session {
  readonly decoder: StreamDecoder;
  readonly segmenter: Segmenter;
}

const recordings = new Map<number, Recording>();
const sessions = new Map<number, Session>();
let nextHandle = 1;
let silero: Promise<Silero> | null = null;
const loadSilero = (): Promise<Silero> => {
  silero ??= Silero.load();
  return silero;
};

const openRecording = (options: { path: string; mix: boolean }): number => {
  const handle = nextHandle++;
  recordings.set(handle, { chunks: decodeAudio(options.path, options), segmenters: null, decodedSamples: 0 });
  return handle;
};

/** Fails with an `UndecodableError` when the file is not audio. */
const nextPart = async (handle: number): Promise<DetectedRecordingPart> => {
  const recording = openIn(recordings, handle);
  const model = await loadSilero();
  const segments: ChannelSegment[] = [];
  const startSamples = recording.decodedSamples;
  let ended = false;
  while (
    segments.length === 0 &&
    recording.decodedSamples - startSamples < maxSecondsPerCall * sampleRateHz
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
    recording.decodedSamples += channels?.[0]?.length ?? 0;
  }
  return {
    segments,
    channels: recording.segmenters?.length ?? 0,
    processedSeconds: recording.decodedSamples / sampleRateHz,
    ended,
  };
};

const closeRecording = (handle: number): void => {
  recordings.get(handle)?.chunks.return(undefined);
  recordings.delete(handle);
};

const openSession = async (options: StreamFormat & { silenceMs: number }): Promise<number> => {
  const model = await loadSilero();
  const handle = nextHandle++;
  sessions.set(handle, {
    decoder: new StreamDecoder(options),
    segmenter: new Segmenter(model.stream(), options),
  });
  return handle;
};

const pushAudio = async (options: {
  handle: number;
  bytes: Uint8Array;
  wantOpen: boolean;
}): Promise<DetectedStreamPart> => {
  const { decoder, segmenter } = openIn(sessions, options.handle);
  const segments = await segmenter.push(decoder.decode(options.bytes));
  return detectedPart(segmenter, segments, options.wantOpen);
};

/** Ends the open segment without waiting for silence. */
const finishSegment = async (handle: number): Promise<DetectedStreamPart> => {
  const { segmenter } = openIn(sessions, handle);
  return detectedPart(segmenter, await segmenter.flush(), false);
};

const detectedPart = (
  segmenter: Segmenter,
  segments: SpeechSegment[],
  wantOpen: boolean,
): DetectedStreamPart => ({
  segments,
  open: wantOpen ? segmenter.open : null,
  speakingSinceSeconds: segmenter.speakingSinceSeconds,
  processedSeconds: segmenter.processedSamples / sampleRateHz,
});

const closeSession = (handle: number): void => {
  sessions.get(handle)?.decoder.close();
  sessions.delete(handle);
};

const openIn = <T>(map: Map<number, T>, handle: number): T => {
  const found = map.get(handle);
  if (!found) throw new Error('This recording or session is closed.');
  return found;
};

const warm = async (): Promise<void> => {
  await loadSilero();
};

const api = {
  warm,
  openRecording,
  nextPart,
  closeRecording,
  openSession,
  pushAudio,
  finishSegment,
  closeSession,
};
export type VoiceActivityApi = typeof api;

serveWorkerThread(api, (result) =>
  typeof result === 'object' && result !== null && 'segments' in result
    ? (result as DetectedRecordingPart).segments.map((segment) => segment.samples.buffer as ArrayBuffer)
    : [],
);
