import type { MeetingLine } from '../../../core/meeting/lines.ts';
import type {
  AudioSink,
  Caption,
  LiveOptions,
  LiveStream,
  Log,
  Speech,
  SpeechCaption,
} from '../../../core/ports.ts';

/** Live transcription of one meeting: a stream of the speech engine for each speaker. */
export interface SpeakerTranscriptions {
  open(party: number, audio: LiveOptions['audio']): AudioSink;
  /** Ends all streams; resolves when their last finals have arrived, or will not. */
  close(): Promise<void>;
}

/** By the meeting's clock, while the speaker speaks. An engine that refused is not called again with every word. */
const REOPEN_AFTER_MS = 30_000;

export const createSpeakerTranscriptions = (options: {
  readonly speech: Speech;
  readonly kind: LiveOptions['kind'];
  /** An id that no stream of this meeting ever had, in any process. */
  readonly newStreamId: () => string;
  readonly log: Log;
  readonly onCaption: (caption: Caption) => void;
  readonly onLine: (line: Omit<MeetingLine, 'number'>) => void;
  /** So much of what a speaker said has no words, and will have none. */
  readonly onLost: (party: number, lostMs: number) => void;
  /** Whether any speaker's captions are delayed. */
  readonly onDelayed: (delayed: boolean) => void;
}): SpeakerTranscriptions => {
  const { speech, log } = options;
  /** Open streams; with the promise of its end, one that is closing. */
  const streams = new Map<LiveStream, Promise<void> | null>();
  const delayed = new Set<LiveStream>();

  const setDelayed = (stream: LiveStream, isDelayed: boolean): void => {
    const before = delayed.size > 0;
    if (isDelayed) delayed.add(stream);
    else delayed.delete(stream);
    if (delayed.size > 0 !== before) options.onDelayed(!before);
  };

  const onCaption = (party: number, streamId: string, { id, words, text, isFinal }: SpeechCaption): void => {
    const [first, last] = [words[0], words.at(-1)];
    const caption = {
      id: `${streamId}:${id}`,
      startMs: first?.startMs ?? 0,
      endMs: last?.endMs ?? 0,
      text,
    };
    // Until it is final the engine may change any of the words.
    options.onCaption({ ...caption, partyIndex: party, committed: isFinal ? text.length : 0, isFinal });
    if (isFinal && first !== undefined) options.onLine({ ...caption, party, words });
  };

  const close = (stream: LiveStream): Promise<void> => {
    const closing =
      streams.get(stream) ??
      stream.close().then(() => {
        streams.delete(stream);
        setDelayed(stream, false);
      });
    streams.set(stream, closing);
    return closing;
  };

  /** `isRefused` turns true when the engine ends the stream, though it was not closed here. */
  const openStream = (party: number, audio: LiveOptions['audio']) => {
    const streamId = options.newStreamId();
    let isRefused = false;
    let knownLostMs = 0;
    const stream = speech.openLive({
      kind: options.kind,
      audio,
      onCaption: (caption) => onCaption(party, streamId, caption),
      onState: (state, { lostMs }) => {
        if (lostMs > knownLostMs) {
          log.error({ party, lostMs }, 'the captions of a meeting have a gap');
          options.onLost(party, lostMs - knownLostMs);
          knownLostMs = lostMs;
        }
        isRefused = state === 'ended' && streams.get(stream) === null;
        setDelayed(stream, state === 'delayed' || isRefused);
      },
    });
    streams.set(stream, null);
    return { stream, isRefused: () => isRefused };
  };

  return {
    open(party, audio) {
      let current = openStream(party, audio);
      let refusedAtMs: number | null = null;
      return {
        write(bytes, atMs) {
          if (current.isRefused()) refusedAtMs ??= atMs;
          // Keys and credit may be fixed while a meeting runs; captions continue from then on.
          if (refusedAtMs !== null && atMs - refusedAtMs >= REOPEN_AFTER_MS) {
            refusedAtMs = null;
            void close(current.stream);
            current = openStream(party, audio);
          }
          if (refusedAtMs === null) current.stream.send(bytes, atMs);
          else options.onLost(party, durationMs(bytes, audio));
        },
        pause: () => current.stream.flush(),
        close: () => void close(current.stream),
      };
    },
    async close() {
      await Promise.all([...streams.keys()].map(close));
    },
  };
};

const durationMs = (bytes: Uint8Array, { encoding, sampleRateHz }: LiveOptions['audio']): number =>
  ((bytes.length / (encoding === 'linear16' ? 2 : 1)) * 1_000) / sampleRateHz;
