import { createHash } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { sampleRateHz } from '../../../common/audio.ts';
import type { LiveQuery } from '../../live-query.ts';
import type { EngineParts } from '../http/recordings.ts';
import { round } from '../http/responses.ts';
import type { RecognizerQueue } from '../recognition/pool.ts';
import type { TimedWord } from '../recognition/word-times.ts';
import type { SpeechSegment } from '../voice-activity/segmenter.ts';
import type { DetectedStreamPart } from '../voice-activity/worker.ts';
import { liveMetadata, liveResults } from './messages.ts';

const controlMessage = z.object({ type: z.enum(['KeepAlive', 'Finalize', 'CloseStream']) });

/** Audio between two interim results: little enough to follow, enough to keep up. */
const interimIntervalSeconds = 0.5;
/** Shorter pauses are within a sentence, and the model works best on sentences. */
const minSilenceMs = 300;
/** In silence, an empty final is sent this often to confirm what was processed … */
const emptyFinalIntervalSeconds = 3;
/** … except for the last moment, which may be the start of speech. */
const heldBackSeconds = 0.5;
/** Beyond this, a client that sends faster than recognition is paused. */
const maxPendingFinals = 4;

export interface LiveSessionParts extends EngineParts {
  readonly idleMs: number;
}

/** One live stream: audio in, results out, in order. Times count audio, not wall time. */
export class LiveSession {
  readonly #socket: WebSocket;
  readonly #query: LiveQuery;
  readonly #requestId: string;
  readonly #parts: LiveSessionParts;
  readonly #queue: RecognizerQueue;
  readonly #sessionHandle: Promise<number>;
  readonly #createdMs = Date.now();
  readonly #hash = createHash('sha256');
  readonly #idle: NodeJS.Timeout;
  /** Messages are processed in order, and so are finals. Audio does not wait for recognition. */
  #messages: Promise<void> = Promise.resolve();
  #pendingMessages = 0;
  #finals: Promise<void> = Promise.resolve();
  #pendingFinals = 0;
  #processedSeconds = 0;
  #speakingSince: number | null = null;
  /** Since the last final word. */
  #speechStarts: number[] = [];
  /** Everything before this has a final result, sent or queued. */
  #finalizedSeconds = 0;
  #interimPending = false;
  #lastInterimSeconds = 0;
  #segmentsEnded = 0;
  #lastWordEnd: number | null = null;
  #hasAudio = false;
  #ended = false;

  constructor(socket: WebSocket, query: LiveQuery, requestId: string, parts: LiveSessionParts) {
    this.#socket = socket;
    this.#query = query;
    this.#requestId = requestId;
    this.#parts = parts;
    this.#queue = parts.recognizers.open('live');
    this.#sessionHandle = parts.voiceActivity.call('openSession', {
      encoding: query.encoding,
      sampleRateHz: query.sample_rate,
      silenceMs: Math.max(minSilenceMs, query.endpointing ?? 500),
    });
    this.#sessionHandle.catch((error) => this.#fail(error));
    this.#idle = setTimeout(() => this.#timeOut(), parts.idleMs);
    socket.on('message', (data, isBinary) => this.#enqueue(data, isBinary));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#release());
  }

  /** The engine closes. */
  abandon(): void {
    this.#socket.terminate();
  }

  #enqueue(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    // As at Deepgram: KeepAlive alone, before any audio, does not keep a stream open.
    this.#hasAudio ||= isBinary;
    if (this.#hasAudio) this.#idle.refresh();
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]);
    this.#pendingMessages++;
    this.#messages = this.#messages
      .then(() =>
        isBinary && bytes.length > 0 ? this.#pushAudio(bytes) : this.#handleControl(isBinary, bytes),
      )
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#pendingMessages--;
        // Refreshing a cleared timer would set it again.
        if (!this.#ended && this.#hasAudio) this.#idle.refresh();
      });
  }

  async #pushAudio(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    const due = this.#processedSeconds - this.#lastInterimSeconds >= interimIntervalSeconds;
    const wantOpen = this.#query.interim_results && due && !this.#interimPending;
    const handle = await this.#sessionHandle;
    this.#take(await this.#parts.voiceActivity.call('pushAudio', { handle, bytes, wantOpen }), false);
    if (this.#pendingFinals < maxPendingFinals) return;
    this.#socket.pause();
    await this.#finals;
    this.#socket.resume();
  }

  async #handleControl(isBinary: boolean, bytes: Buffer): Promise<void> {
    // An empty binary message is Deepgram's older form of CloseStream.
    const parsed = isBinary ? { data: { type: 'CloseStream' as const } } : parseControl(bytes);
    switch (parsed?.data.type) {
      case 'KeepAlive':
        return;
      case 'Finalize':
        return this.#finalize(true);
      case 'CloseStream':
        return this.#closeStream();
      default:
        this.#ended = true;
        this.#socket.close(1008, 'DATA-0000: a text message must be KeepAlive, Finalize or CloseStream');
    }
  }

  #take(part: DetectedStreamPart, fromFinalize: boolean): void {
    this.#processedSeconds = part.processedSeconds;
    const started = part.speakingSinceSeconds ?? firstOf(part.segments);
    if (started !== null && this.#speakingSince === null) {
      this.#speechStarts.push(started);
      if (this.#query.vad_events)
        this.#send({ type: 'SpeechStarted', channel: [0, 1], timestamp: round(started) });
    }
    this.#speakingSince = part.speakingSinceSeconds;
    for (const segment of part.segments) {
      this.#segmentsEnded++;
      this.#lastInterimSeconds = 0;
      this.#finalizeUntil(
        segment,
        (segment.startSample + segment.samples.length) / sampleRateHz,
        fromFinalize,
      );
    }
    if (part.open) this.#interim(part.open);
    const quiet = part.speakingSinceSeconds === null;
    const until = this.#processedSeconds - heldBackSeconds;
    if (quiet && until - this.#finalizedSeconds >= emptyFinalIntervalSeconds)
      this.#finalizeUntil(null, until, false);
    if (quiet && this.#pendingFinals === 0) this.#endUtterance();
  }

  /** Queues a final for the audio up to `endSeconds`; without a segment, an empty one. */
  #finalizeUntil(segment: SpeechSegment | null, endSeconds: number, fromFinalize: boolean): void {
    const start = this.#finalizedSeconds;
    const end = Math.max(endSeconds, start);
    this.#finalizedSeconds = end;
    const speechFinal = segment?.endedBy !== 'length' && segment !== null && this.#query.endpointing !== null;
    this.#queueFinal(async () => {
      const words = segment ? await this.#recognize(segment, this.#parts.modelSize) : [];
      this.#lastWordEnd = words.at(-1)?.endSeconds ?? this.#lastWordEnd;
      this.#results(words, { start, end, isFinal: true, speechFinal, fromFinalize });
      this.#endUtterance();
    });
  }

  #interim(segment: SpeechSegment): void {
    const [start, end, ended] = [this.#finalizedSeconds, this.#processedSeconds, this.#segmentsEnded];
    this.#interimPending = true;
    this.#lastInterimSeconds = end;
    const send = async (): Promise<void> => {
      try {
        const words = await this.#recognize(segment, 'tiny');
        // It follows the finals before it. Once its segment has ended, the final replaces it.
        await this.#finals;
        if (ended === this.#segmentsEnded && words.length > 0)
          this.#results(words, { start, end, isFinal: false, speechFinal: false, fromFinalize: false });
      } finally {
        this.#interimPending = false;
      }
    };
    send().catch((error) => this.#fail(error));
  }

  async #recognize(segment: SpeechSegment, size: 'base' | 'tiny'): Promise<readonly TimedWord[]> {
    const recognized = await this.#queue.run((recognizer) =>
      recognizer.call('recognize', { segment, size, voices: false }),
    );
    return recognized.words;
  }

  async #finalize(fromFinalize: boolean): Promise<void> {
    const part = await this.#parts.voiceActivity.call('finishSegment', await this.#sessionHandle);
    this.#take(part, fromFinalize);
    // Everything is final now, to the last sample, silence too.
    if (part.segments.length === 0) this.#finalizeUntil(null, this.#processedSeconds, fromFinalize);
    this.#finalizedSeconds = Math.max(this.#finalizedSeconds, this.#processedSeconds);
    await this.#finals;
  }

  async #closeStream(): Promise<void> {
    this.#ended = true;
    await this.#finalize(false);
    this.#sendMetadata(this.#hash.digest('hex'));
    this.#socket.close(1000);
  }

  #sendMetadata(sha256: string): void {
    this.#send(
      liveMetadata({
        requestId: this.#requestId,
        createdMs: this.#createdMs,
        durationSeconds: this.#processedSeconds,
        sha256,
        size: this.#parts.modelSize,
      }),
    );
  }

  /**
   * Sends one UtteranceEnd when no speech followed the last final word for `utterance_end_ms`. Words arrive later than
   * their audio, so this compares with the start of the next speech, not with the current audio.
   */
  #endUtterance(): void {
    const { utterance_end_ms: utteranceEndMs } = this.#query;
    const wordEnd = this.#lastWordEnd;
    if (utteranceEndMs === undefined || wordEnd === null) return;
    this.#speechStarts = this.#speechStarts.filter((start) => start > wordEnd);
    const quietUntil = this.#speechStarts[0] ?? this.#processedSeconds;
    if ((quietUntil - wordEnd) * 1000 < utteranceEndMs) return;
    this.#send({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: round(wordEnd) });
    this.#lastWordEnd = null;
  }

  #queueFinal(work: () => Promise<void>): void {
    this.#pendingFinals++;
    this.#finals = this.#finals
      .then(work)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#pendingFinals--;
      });
  }

  #results(words: readonly TimedWord[], about: Parameters<typeof liveResults>[1]): void {
    this.#send(
      liveResults(words, about, {
        requestId: this.#requestId,
        size: about.isFinal ? this.#parts.modelSize : 'tiny',
        formatted: this.#query.punctuate || this.#query.smart_format,
      }),
    );
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #timeOut(): void {
    // The client is not idle: this side is behind.
    if (this.#pendingMessages > 0) return void this.#idle.refresh();
    this.#ended = true;
    this.#sendMetadata('incomplete');
    this.#socket.close(1011, 'No audio or KeepAlive within the timeout window. See https://dtdg.co/net0001');
  }

  #fail(error: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#parts.log.error({ requestId: this.#requestId, err: error }, 'a live stream failed');
    this.#ended = true;
    this.#socket.close(1011, 'The local engine failed. Its log says why.');
  }

  #release(): void {
    this.#ended = true;
    clearTimeout(this.#idle);
    this.#queue.close();
    this.#sessionHandle
      .then((handle) => this.#parts.voiceActivity.call('closeSession', handle))
      .catch(() => {
        // The engine closes, and its threads end their sessions.
      });
  }
}

const firstOf = (segments: readonly SpeechSegment[]): number | null =>
  segments[0] ? segments[0].startSample / sampleRateHz : null;

const parseControl = (bytes: Buffer): { data: z.infer<typeof controlMessage> } | null => {
  try {
    return { data: controlMessage.parse(JSON.parse(bytes.toString('utf8'))) };
  } catch {
    return null;
  }
};
