import type { MeetingLine } from '../../../core/meeting/lines.ts';
import type {
  AudioSink,
  LiveOptions,
  LiveStream,
  Log,
  RoomCaption,
  Speech,
  SpeechCaption,
} from '../../../core/ports.ts';

/** The ears of one meeting: a live stream of the speech engine for each speaker. */
export interface SpeakerTranscriptions {
  ear(party: number, audio: LiveOptions['audio']): AudioSink;
  /** Ends all streams; resolves when their last finals have come, or will not. */
  close(): Promise<void>;
}

/** Of the meeting's clock, while somebody speaks. An engine that refuses is not asked again with every word. */
const ASK_AGAIN_AFTER_MS = 30_000;

export const createSpeakerTranscriptions = (options: {
  readonly speech: Speech;
  /** An id that no stream of this meeting had, in whatever process. */
  readonly newStreamId: () => string;
  readonly log: Log;
  readonly onCaption: (caption: RoomCaption) => void;
  readonly onLine: (line: Omit<MeetingLine, 'number'>) => void;
  /** Whether anybody's captions come late. */
  readonly onDelayed: (delayed: boolean) => void;
}): SpeakerTranscriptions => {
  const { speech, log } = options;
  const open = new Map<LiveStream, Promise<void> | null>();
  const delayed = new Set<LiveStream>();

  const setDelayed = (stream: LiveStream, isDelayed: boolean): void => {
    const before = delayed.size > 0;
    if (isDelayed) delayed.add(stream);
    else delayed.delete(stream);
    if (delayed.size > 0 !== before) options.onDelayed(!before);
  };

  const hear = (party: number, streamId: string, { id, words, text, isFinal }: SpeechCaption): void => {
    const [first, last] = [words[0], words.at(-1)];
    const caption = {
      id: `${streamId}:${id}`,
      startMs: first?.startMs ?? 0,
      endMs: last?.endMs ?? 0,
      text,
    };
    // Before a final the engine may still change any of these words.
    options.onCaption({ ...caption, partyIndex: party, committed: isFinal ? text.length : 0, isFinal });
    if (isFinal && first !== undefined) options.onLine({ ...caption, party, words });
  };

  const close = (stream: LiveStream): Promise<void> => {
    const closing =
      open.get(stream) ??
      stream.close().then(() => {
        open.delete(stream);
        setDelayed(stream, false);
      });
    open.set(stream, closing);
    return closing;
  };

  /** `isOver` turns true when the engine refuses to hear it, though nobody closed it. */
  const openStream = (party: number, audio: LiveOptions['audio']) => {
    const streamId = options.newStreamId();
    let isOver = false;
    const stream = speech.openLive({
      audio,
      onCaption: (caption) => hear(party, streamId, caption),
      onState: (state, { lostMs }) => {
        if (lostMs > 0) log.error({ party, lostMs }, 'the captions of a meeting have a gap');
        isOver = state === 'ended' && open.get(stream) === null;
        setDelayed(stream, state === 'delayed' || isOver);
      },
    });
    open.set(stream, null);
    return { stream, isOver: () => isOver };
  };

  return {
    ear(party, audio) {
      let now = openStream(party, audio);
      let overSinceMs: number | null = null;
      return {
        write(sound, atMs) {
          if (now.isOver()) overSinceMs ??= atMs;
          // Keys and credit are mended while a meeting goes on; what is said from then on is heard.
          if (overSinceMs !== null && atMs - overSinceMs >= ASK_AGAIN_AFTER_MS) {
            overSinceMs = null;
            void close(now.stream);
            now = openStream(party, audio);
          }
          now.stream.send(sound, atMs);
        },
        pause: () => now.stream.flush(),
        close: () => void close(now.stream),
      };
    },
    async close() {
      await Promise.all([...open.keys()].map(close));
    },
  };
};
