import { createHash } from 'node:crypto';
import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { sampleRateHz } from '../../../common/audio.ts';
import type { LiveQuery } from '../http/query.ts';
import type { EngineParts } from '../http/recordings.ts';
import { round } from '../http/responses.ts';
import type { Lane } from '../recognition/pool.ts';
import type { TimedWord } from '../recognition/word-times.ts';
import type { SpeechSegment } from '../voice-activity/segmenter.ts';
import type { DetectedStreamPart } from '../voice-activity/worker.ts';
import { liveMetadata, liveResults } from './messages.ts';

const controlMessage = z.object({ type: z.enum(['KeepAlive', 'Finalize', 'CloseStream']) });

/** A caption this old is worth writing anew: often enough to follow, seldom enough to keep up. */
const interimEverySeconds = 0.5;
/** Shorter pauses are within a sentence, and the model needs sentences. */
const leastSilenceMs = 300;
/** In silence, an empty final says every so often that everything until then has been heard … */
const emptyFinalEverySeconds = 3;
/** … except for the last moment, which may turn out to be the start of speech. */
const heldBackSeconds = 0.5;
/** A client that sends faster than it can be written down is made to wait. */
const mostUnderWay = 4;

export interface LiveSessionParts extends EngineParts {
  readonly idleMs: number;
}

/** One live stream: audio in, captions out, in the order of the audio. Times count audio sent, not wall time. */
export class LiveSession {
  readonly #socket: WebSocket;
  readonly #query: LiveQuery;
  readonly #requestId: string;
  readonly #parts: LiveSessionParts;
  readonly #lane: Lane;
  readonly #handle: Promise<number>;
  readonly #createdMs = Date.now();
  readonly #hash = createHash('sha256');
  readonly #idle: NodeJS.Timeout;
  /** Messages are dealt with one after the other, and so are finals; audio does not wait for words. */
  #messages: Promise<void> = Promise.resolve();
  #messagesWaiting = 0;
  #finals: Promise<void> = Promise.resolve();
  #finalsUnderWay = 0;
  #heardSeconds = 0;
  #speakingSince: number | null = null;
  /** Since the last final word. */
  #speechStarts: number[] = [];
  /** Everything before this has been answered with a final, or is about to be. */
  #settledSeconds = 0;
  #interimUnderWay = false;
  #lastInterimSeconds = 0;
  #segmentsEnded = 0;
  #lastWordEnd: number | null = null;
  #ended = false;

  constructor(socket: WebSocket, query: LiveQuery, requestId: string, parts: LiveSessionParts) {
    this.#socket = socket;
    this.#query = query;
    this.#requestId = requestId;
    this.#parts = parts;
    this.#lane = parts.recognizers.open('live');
    this.#handle = parts.voiceActivity.call('openStream', {
      encoding: query.encoding,
      sampleRateHz: query.sampleRateHz,
      silenceMs: Math.max(leastSilenceMs, query.endpointingMs ?? 500),
    });
    this.#handle.catch((error) => this.#fail(error));
    this.#idle = setTimeout(() => this.#timeOut(), parts.idleMs);
    socket.on('message', (data, isBinary) => this.#enqueue(data, isBinary));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#release());
  }

  /** The engine is closing. */
  abandon(): void {
    this.#socket.terminate();
  }

  #enqueue(data: RawData, isBinary: boolean): void {
    if (this.#ended) return;
    this.#idle.refresh();
    const bytes = Buffer.isBuffer(data) ? data : Buffer.concat(data as Buffer[]);
    this.#messagesWaiting++;
    this.#messages = this.#messages
      .then(() => (isBinary && bytes.length > 0 ? this.#hear(bytes) : this.#obey(isBinary, bytes)))
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#messagesWaiting--;
        // Refreshing a cleared timer would set it again.
        if (!this.#ended) this.#idle.refresh();
      });
  }

  async #hear(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    const due = this.#heardSeconds - this.#lastInterimSeconds >= interimEverySeconds;
    const wantOpen = this.#query.interimResults && due && !this.#interimUnderWay;
    const handle = await this.#handle;
    this.#take(await this.#parts.voiceActivity.call('hear', { handle, bytes, wantOpen }), false);
    if (this.#finalsUnderWay < mostUnderWay) return;
    this.#socket.pause();
    await this.#finals;
    this.#socket.resume();
  }

  async #obey(isBinary: boolean, bytes: Buffer): Promise<void> {
    // An empty binary message is Deepgram's older way of saying CloseStream.
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
    this.#heardSeconds = part.processedSeconds;
    const started = part.speakingSinceSeconds ?? firstOf(part.segments);
    if (started !== null && this.#speakingSince === null) {
      this.#speechStarts.push(started);
      if (this.#query.vadEvents)
        this.#send({ type: 'SpeechStarted', channel: [0, 1], timestamp: round(started) });
    }
    this.#speakingSince = part.speakingSinceSeconds;
    for (const segment of part.segments) {
      this.#segmentsEnded++;
      this.#lastInterimSeconds = 0;
      this.#settle(segment, (segment.startSample + segment.samples.length) / sampleRateHz, fromFinalize);
    }
    if (part.open) this.#interim(part.open);
    const quiet = part.speakingSinceSeconds === null;
    const until = this.#heardSeconds - heldBackSeconds;
    if (quiet && until - this.#settledSeconds >= emptyFinalEverySeconds) this.#settle(null, until, false);
    if (quiet && this.#finalsUnderWay === 0) this.#endUtterance();
  }

  /** Answers the audio up to `endSeconds` with a final; without a segment, an empty one. */
  #settle(segment: SpeechSegment | null, endSeconds: number, fromFinalize: boolean): void {
    const start = this.#settledSeconds;
    const end = Math.max(endSeconds, start);
    this.#settledSeconds = end;
    const speechFinal =
      segment?.endedBy !== 'length' && segment !== null && this.#query.endpointingMs !== null;
    this.#queueFinal(async () => {
      const words = segment ? await this.#write(segment, this.#parts.modelSize) : [];
      this.#lastWordEnd = words.at(-1)?.endSeconds ?? this.#lastWordEnd;
      this.#results(words, { start, end, isFinal: true, speechFinal, fromFinalize });
      this.#endUtterance();
    });
  }

  #interim(segment: SpeechSegment): void {
    const [start, end, ended] = [this.#settledSeconds, this.#heardSeconds, this.#segmentsEnded];
    this.#interimUnderWay = true;
    this.#lastInterimSeconds = end;
    const write = async (): Promise<void> => {
      try {
        const words = await this.#write(segment, 'tiny');
        // It follows the finals before it; and once its segment has ended, the final says more than it would.
        await this.#finals;
        if (ended === this.#segmentsEnded && words.length > 0)
          this.#results(words, { start, end, isFinal: false, speechFinal: false, fromFinalize: false });
      } finally {
        this.#interimUnderWay = false;
      }
    };
    write().catch((error) => this.#fail(error));
  }

  async #write(segment: SpeechSegment, size: 'base' | 'tiny'): Promise<readonly TimedWord[]> {
    const written = await this.#lane.run((scribe) => scribe.call('write', { segment, size, voices: false }));
    return written.words;
  }

  async #finalize(fromFinalize: boolean): Promise<void> {
    const part = await this.#parts.voiceActivity.call('finish', await this.#handle);
    this.#take(part, fromFinalize);
    // What was asked to be final is, to the last sample, also when nobody was speaking.
    if (part.segments.length === 0) this.#settle(null, this.#heardSeconds, fromFinalize);
    this.#settledSeconds = Math.max(this.#settledSeconds, this.#heardSeconds);
    await this.#finals;
  }

  async #closeStream(): Promise<void> {
    this.#ended = true;
    await this.#finalize(false);
    this.#send(
      liveMetadata({
        requestId: this.#requestId,
        createdMs: this.#createdMs,
        durationSeconds: this.#heardSeconds,
        sha256: this.#hash.digest('hex'),
        size: this.#parts.modelSize,
      }),
    );
    this.#socket.close(1000);
  }

  /**
   * Says once that nobody has said a word for `utterance_end_ms` after the last final word. Words come later than
   * the audio they were in; so this looks at when speech started again, and not at what is being said now.
   */
  #endUtterance(): void {
    const { utteranceEndMs } = this.#query;
    const wordEnd = this.#lastWordEnd;
    if (utteranceEndMs === null || wordEnd === null) return;
    this.#speechStarts = this.#speechStarts.filter((start) => start > wordEnd);
    const quietUntil = this.#speechStarts[0] ?? this.#heardSeconds;
    if ((quietUntil - wordEnd) * 1000 < utteranceEndMs) return;
    this.#send({ type: 'UtteranceEnd', channel: [0, 1], last_word_end: round(wordEnd) });
    this.#lastWordEnd = null;
  }

  #queueFinal(work: () => Promise<void>): void {
    this.#finalsUnderWay++;
    this.#finals = this.#finals
      .then(work)
      .catch((error) => this.#fail(error))
      .finally(() => {
        this.#finalsUnderWay--;
      });
  }

  #results(words: readonly TimedWord[], about: Parameters<typeof liveResults>[1]): void {
    this.#send(
      liveResults(words, about, {
        requestId: this.#requestId,
        size: about.isFinal ? this.#parts.modelSize : 'tiny',
        formatted: this.#query.formatted,
      }),
    );
  }

  #send(message: object): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  #timeOut(): void {
    // The client has sent enough; it is this side that is behind.
    if (this.#messagesWaiting > 0) return void this.#idle.refresh();
    this.#ended = true;
    this.#socket.close(1011, 'NET-0001: no audio data or KeepAlive within the timeout window');
  }

  #fail(error: unknown): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    this.#parts.log.error({ requestId: this.#requestId, err: error }, 'live stream failed');
    this.#ended = true;
    this.#socket.close(1011, 'The local engine failed; its log says how.');
  }

  #release(): void {
    this.#ended = true;
    clearTimeout(this.#idle);
    this.#lane.close();
    this.#handle
      .then((handle) => this.#parts.voiceActivity.call('closeStream', handle))
      .catch(() => {
        // The engine is closing; its threads take their streams with them.
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
