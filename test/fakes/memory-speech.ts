import { AppError } from '../../src/core/error.ts';
import type {
  Clock,
  LiveOptions,
  LiveState,
  LiveStream,
  RecordingBytes,
  Speech,
  SpeechCaption,
} from '../../src/core/ports.ts';
import type { Transcription } from '../../src/core/transcription.ts';
import { detectContent } from '../../src/speech/content.ts';
import { noSpeech, notARecording, stopped } from '../../src/speech/errors.ts';
import { openIntake } from '../../src/speech/intake.ts';

type AudioFormat = LiveOptions['audio'];

/**
 * Audio that only a memory speech understands: whole samples, `durationMs` of them, in which `text` is said. Its words
 * lie evenly over the piece. Has to arrive in one piece, as it was made.
 */
export const spokenAudio = (text: string, format: AudioFormat, durationMs = 200): Buffer => {
  const audio = silentAudio(format, durationMs);
  const bytes = Buffer.from(text);
  if (HEADER.length + 2 + bytes.length > audio.length) throw new RangeError('too much text for this piece');
  HEADER.copy(audio);
  audio.writeUInt16LE(bytes.length, HEADER.length);
  bytes.copy(audio, HEADER.length + 2);
  return audio;
};
const HEADER = Buffer.from('spoken:');

export const silentAudio = (format: AudioFormat, durationMs: number): Buffer =>
  format.encoding === 'mulaw'
    ? Buffer.alloc(Math.round((format.sampleRateHz * durationMs) / 1000), 0xff)
    : Buffer.alloc(Math.round((format.sampleRateHz * durationMs) / 1000) * 2);

const wordsIn = (audio: Uint8Array): readonly string[] => {
  const bytes = Buffer.from(audio.buffer, audio.byteOffset, audio.length);
  if (!bytes.subarray(0, HEADER.length).equals(HEADER)) return [];
  const length = bytes.readUInt16LE(HEADER.length);
  const text = bytes.subarray(HEADER.length + 2).subarray(0, length);
  return text.toString().split(' ').filter(Boolean);
};

/** What a recording turns out to be: its transcription, or the engine's error. */
type TranscribeOutcome = Transcription | AppError;

const DEFAULT_TRANSCRIPTION: Transcription = {
  durationMs: 2_000,
  language: 'en',
  approximateSpeakers: false,
  remarks: [],
  words: [
    { text: 'Hello,', startMs: 100, endMs: 500, confidence: 0.98, channel: 0, speaker: 0 },
    { text: 'there.', startMs: 520, endMs: 900, confidence: 0.98, channel: 0, speaker: 0 },
    { text: 'Hi!', startMs: 1_200, endMs: 1_500, confidence: 0.98, channel: 0, speaker: 1 },
  ],
};

export interface MemorySpeech extends Speech {
  /** Recordings so far, oldest first. */
  readonly recordings: readonly { readonly name: string; readonly receivedBytes: number }[];
  /** Live streams so far, oldest first. */
  readonly streams: readonly { readonly options: LiveOptions; readonly state: LiveState }[];
  /** The outcomes of the next recordings, in this order; after them `DEFAULT_TRANSCRIPTION`. */
  script(...outcomes: readonly TranscribeOutcome[]): void;
  /** Live streams lose the engine: audio is kept, and captions are delayed until `reconnect`. */
  disconnect(): void;
  reconnect(): void;
  /** The engine refuses live streams for good: those with audio end, and so do later ones. */
  refuseLive(): void;
}

/** The Speech port without an engine. Live streams understand `spokenAudio`. */
export const createMemorySpeech = (options: {
  readonly clock: Clock;
  /** From audio to its captions. Default 100 ms. */
  readonly latencyMs?: number;
  /** From the last byte of a recording to its transcription. Default 0. */
  readonly transcribeMs?: number;
  /** As in the real one: before captions count as delayed (1 s), audio kept for an absent engine (10 min). */
  readonly delayedAfterMs?: number;
  readonly maxBufferedMs?: number;
  readonly closeTimeoutMs?: number;
}): MemorySpeech => {
  const engine: Engine = {
    clock: options.clock,
    latencyMs: options.latencyMs ?? 100,
    delayedAfterMs: options.delayedAfterMs ?? 1_000,
    maxBufferedMs: options.maxBufferedMs ?? 600_000,
    closeTimeoutMs: options.closeTimeoutMs ?? 30_000,
    connection: 'up',
  };
  const recordings: { name: string; receivedBytes: number }[] = [];
  const outcomes: TranscribeOutcome[] = [];
  const streams: MemoryStream[] = [];
  const setConnection = (connection: Engine['connection']): void => {
    engine.connection = connection;
    for (const stream of streams) stream.connectionChanged();
  };

  const transcribe: Speech['transcribe'] = async (recording, { signal, progress }) => {
    const seen = { name: recording.name, receivedBytes: 0 };
    recordings.push(seen);
    await receive(recording, signal, (receivedBytes) => {
      progress({ sentBytes: seen.receivedBytes, sent: false });
      seen.receivedBytes = receivedBytes;
    });
    progress({ sentBytes: seen.receivedBytes, sent: true });
    const ms = options.transcribeMs ?? 0;
    if (ms > 0) {
      await options.clock.sleep(ms, signal).catch((reason: unknown) => Promise.reject(stopped(reason)));
    }
    const outcome = outcomes.shift() ?? DEFAULT_TRANSCRIPTION;
    if (outcome instanceof AppError) throw outcome;
    if (outcome.words.length === 0) throw noSpeech();
    return outcome;
  };

  return {
    recordings,
    streams,
    transcribe,
    openLive(live) {
      const stream = new MemoryStream(live, engine);
      streams.push(stream);
      return stream;
    },
    script: (...next) => void outcomes.push(...next),
    disconnect: () => setConnection('down'),
    reconnect: () => setConnection('up'),
    refuseLive: () => setConnection('refused'),
  };
};

/** Takes in a whole recording as the real adapter does, with its errors. */
const receive = async (
  recording: RecordingBytes,
  signal: AbortSignal,
  onBytes: (receivedBytes: number) => void,
): Promise<void> => {
  const ending = new AbortController();
  const stop = (): void => ending.abort(stopped(signal.reason));
  if (signal.aborted) stop();
  else signal.addEventListener('abort', stop, { once: true });
  try {
    const intake = await openIntake(recording, ending.signal);
    try {
      const content = await detectContent(intake.beginning);
      if (content.kind === 'other') throw notARecording(content.looksLike);
      let receivedBytes = 0;
      for (;;) {
        const chunk = await intake.next();
        if (ending.signal.aborted) throw ending.signal.reason;
        if (chunk === null) return;
        receivedBytes += chunk.length;
        onBytes(receivedBytes);
      }
    } finally {
      intake.close();
    }
  } finally {
    signal.removeEventListener('abort', stop);
  }
};

interface Engine {
  readonly clock: Clock;
  readonly latencyMs: number;
  readonly delayedAfterMs: number;
  readonly maxBufferedMs: number;
  readonly closeTimeoutMs: number;
  connection: 'up' | 'down' | 'refused';
}

/** Null for what is no audio: a flush. */
type Item = { readonly audio: Buffer; readonly atMs: number } | null;
type Word = SpeechCaption['words'][number];

/** So much silence ends a sentence. */
const ENDPOINTING_MS = 300;

class MemoryStream implements LiveStream {
  readonly options: LiveOptions;
  readonly #engine: Engine;
  readonly #whenEnded = Promise.withResolvers<void>();
  /** What the engine has not answered yet, oldest first. */
  #queue: Item[] = [];
  #answers = new Set<() => void>();
  #words: Word[] = [];
  #shown = false;
  #silentMs = 0;
  #number = 1;
  #lostMs = 0;
  #closing = false;
  #cancelDelayed: (() => void) | null = null;
  #cancelClose: (() => void) | null = null;
  state: LiveState = 'live';

  constructor(options: LiveOptions, engine: Engine) {
    this.options = options;
    this.#engine = engine;
  }

  send(audio: Uint8Array, atMs: number): void {
    if (this.#closing || this.state === 'ended') return;
    this.#add({ audio: Buffer.from(audio), atMs });
    this.#keepWithinLimit();
  }

  flush(): void {
    if (this.#closing || this.state === 'ended') return;
    if (this.#queue.length > 0 || this.#words.length > 0) this.#add(null);
  }

  close(): Promise<void> {
    if (!this.#closing && this.state !== 'ended') {
      this.#closing = true;
      this.#cancelClose = this.#engine.clock.after(this.#engine.closeTimeoutMs, () => this.#end());
      if (this.#words.length > 0 || this.#queue.length > 0) this.#add(null);
      this.#endIfDone();
    }
    return this.#whenEnded.promise;
  }

  connectionChanged(): void {
    for (const cancel of this.#answers) cancel();
    this.#answers.clear();
    if (this.state === 'ended' || this.#queue.length === 0) return;
    if (this.#engine.connection === 'up') this.#resume();
    else if (this.#engine.connection === 'refused') this.#end();
    else this.#watchDelay();
  }

  #resume(): void {
    this.#cancelDelayed?.();
    this.#cancelDelayed = null;
    if (this.state === 'delayed') this.#set('live');
    for (let i = 0; i < this.#queue.length; i += 1) this.#answerLater();
  }

  #add(item: Item): void {
    this.#queue.push(item);
    if (this.#engine.connection === 'up') this.#answerLater();
    else if (this.#engine.connection === 'refused') this.#end();
    else this.#watchDelay();
  }

  #watchDelay(): void {
    if (this.#queue.length === 0 || this.state !== 'live') return;
    this.#cancelDelayed ??= this.#engine.clock.after(this.#engine.delayedAfterMs, () => this.#set('delayed'));
  }

  /** In order, because all wait equally long. */
  #answerLater(): void {
    const cancel = this.#engine.clock.after(this.#engine.latencyMs, () => {
      this.#answers.delete(cancel);
      this.#answer();
    });
    this.#answers.add(cancel);
  }

  #answer(): void {
    const item = this.#queue.shift();
    if (item === null) this.#final();
    else if (item !== undefined) this.#recognise(item.audio, item.atMs);
    this.#endIfDone();
  }

  #recognise(audio: Buffer, atMs: number): void {
    const texts = wordsIn(audio);
    const durationMs = this.#durationMs(audio);
    if (texts.length === 0) {
      this.#silentMs += durationMs;
      if (this.#silentMs >= ENDPOINTING_MS) this.#final();
      return;
    }
    this.#silentMs = 0;
    const at = (index: number): number => Math.round(atMs + (durationMs * index) / texts.length);
    this.#words.push(
      ...texts.map((text, i) => ({ text, startMs: at(i), endMs: at(i + 1), confidence: 0.99 })),
    );
    this.#shown = true;
    this.#caption(false);
  }

  #final(): void {
    this.#silentMs = 0;
    if (!this.#shown) return;
    this.#caption(true);
    this.#words = [];
    this.#shown = false;
    this.#number += 1;
  }

  #caption(isFinal: boolean): void {
    const words = [...this.#words];
    const text = words.map((word) => word.text).join(' ');
    this.options.onCaption({ id: String(this.#number), words, text, isFinal });
  }

  /** Gives up the oldest audio of an engine that stays away. */
  #keepWithinLimit(): void {
    const bufferedMs = (): number =>
      this.#queue.reduce((sum, item) => sum + (item === null ? 0 : this.#durationMs(item.audio)), 0);
    let lostMs = 0;
    while (this.#engine.connection === 'down' && bufferedMs() > this.#engine.maxBufferedMs) {
      const oldest = this.#queue.shift();
      if (oldest) lostMs += this.#durationMs(oldest.audio);
    }
    if (lostMs === 0) return;
    this.#lostMs += lostMs;
    this.#set('delayed');
  }

  #durationMs(audio: Buffer): number {
    const { encoding, sampleRateHz } = this.options.audio;
    return (audio.length / (encoding === 'linear16' ? 2 : 1) / sampleRateHz) * 1000;
  }

  #set(state: LiveState): void {
    this.#cancelDelayed?.();
    this.#cancelDelayed = null;
    this.state = state;
    this.options.onState(state, { lostMs: this.#lostMs });
  }

  #endIfDone(): void {
    if (this.#closing && this.#queue.length === 0) this.#end();
  }

  #end(): void {
    if (this.state === 'ended') return;
    this.#cancelClose?.();
    for (const cancel of this.#answers) cancel();
    for (const item of this.#queue) if (item !== null) this.#lostMs += this.#durationMs(item.audio);
    this.#queue = [];
    this.#set('ended');
    this.#whenEnded.resolve();
  }
}
