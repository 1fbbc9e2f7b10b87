import type { AudioDecoder } from './decoder.ts';
import { createUnwrapper } from './wraparound.ts';

/** What the playout needs of a packet. */
interface PlayedPacket {
  readonly sequenceNumber: number;
  /** RTP time. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
  readonly arrivedMs: number;
}

/** A jitter buffer: packets go in as they arrive, a frame is taken every `FRAME_MS`. */
export interface Playout {
  /** Copies the payload. */
  readonly packet: (packet: PlayedPacket) => void;
  /** The next frame, at the decoder's rate; null while there is nothing to play. */
  readonly take: (nowMs: number) => Int16Array | null;
  /** Drops what has not been played. */
  readonly clear: () => void;
}

const FRAME_MS = 20;

/**
 * How long the first packet after a silence waits, which is the jitter that the next ones may have. It is most of the
 * delay that a phone gets from us; more jitter causes one dropout, and the wait is longer from then on.
 */
const FIRST_WAIT_MS = 30;
/** When no packet has waited less for a while, the wait is shortened, during silence; */
const LONG_WAIT_MS = 55;
/** when one waited less, it is lengthened, before the buffer runs empty within a word. */
const SHORT_WAIT_MS = 6;
/** A delay that makes conversation hard is shortened at once, also during speech. */
const LONGEST_WAIT_MS = 160;
/** A second of frames: recent jitter predicts the next. */
const WATCHED_FRAMES = 1_000 / FRAME_MS;
/** -50 dB of full scale: dropping or adding such a frame is inaudible. */
const QUIET = 100;
/** A longer jump of RTP time is another stream. */
const LONGEST_JUMP_MS = 5_000;
/** As many packets of the usual length. More is not audio to play. */
const MOST_WAITING = LONGEST_JUMP_MS / FRAME_MS;
/** Longer losses stay silent. */
const LONGEST_CONCEALED_MS = 60;

interface Waiting {
  readonly number: number;
  readonly ticks: number;
  readonly payload: Uint8Array;
  readonly arrivedMs: number;
}

/**
 * Packets wait in the order of their RTP time and are decoded when due. What a sender left out stays silent, losses are
 * concealed, and clock drift is corrected during silence.
 */
export const createPlayout = (decoder: AudioDecoder): Playout => {
  const ticksPerMs = decoder.clockRateHz / 1_000;
  const samplesPerMs = decoder.sampleRateHz / 1_000;
  const frameSamples = FRAME_MS * samplesPerMs;
  /** By RTP time. */
  let waiting: Waiting[] = [];
  /** Decoded, not played yet. */
  let ready: Int16Array = new Int16Array(0);
  let unwrapTime = createUnwrapper(32);
  let unwrapNumber = createUnwrapper(16);
  /** RTP time to decode next; null before the first packet. */
  let next: number | null = null;
  let lastNumber = 0;
  /** When the waiting packets start to play; null while playing, and without packets. */
  let beginsMs: number | null = null;
  let playing = false;
  let shortestWaitMs = Number.POSITIVE_INFINITY;
  let watched = 0;

  const resetWatch = (): void => {
    shortestWaitMs = Number.POSITIVE_INFINITY;
    watched = 0;
  };
  const clear = (): void => {
    waiting = [];
    ready = new Int16Array(0);
    unwrapTime = createUnwrapper(32);
    unwrapNumber = createUnwrapper(16);
    next = null;
    beginsMs = null;
    playing = false;
    resetWatch();
  };
  const append = (samples: Int16Array): void => {
    if (ready.length === 0) {
      ready = samples;
      return;
    }
    const joined = new Int16Array(ready.length + samples.length);
    joined.set(ready);
    joined.set(samples, ready.length);
    ready = joined;
  };
  /** Fills the gap before the next packet: a loss, or the sender's silence. */
  const fillGap = (packet: Waiting): void => {
    const missing = packet.ticks - next!;
    const isLoss = packet.number !== lastNumber + 1;
    if (isLoss && missing <= LONGEST_CONCEALED_MS * ticksPerMs) {
      append(decoder.conceal(packet.payload, missing / ticksPerMs));
      next = packet.ticks;
      return;
    }
    // Frame by frame, so that silence can be dropped where the wait is too long.
    const silent = Math.min(missing, FRAME_MS * ticksPerMs);
    append(new Int16Array(Math.round((silent / ticksPerMs) * samplesPerMs)));
    next! += silent;
  };
  /** False when no packet waits. */
  const decodeNext = (nowMs: number): boolean => {
    const [packet] = waiting;
    if (packet === undefined) return false;
    if (packet.ticks > next!) {
      fillGap(packet);
      return true;
    }
    waiting.shift();
    shortestWaitMs = Math.min(shortestWaitMs, nowMs - packet.arrivedMs);
    lastNumber = packet.number;
    const samples = decoder.decode(packet.payload);
    if (samples !== null) {
      append(samples);
      next = packet.ticks + (samples.length / samplesPerMs) * ticksPerMs;
    }
    return true;
  };
  const takeFrame = (nowMs: number): Int16Array | null => {
    while (ready.length < frameSamples && decodeNext(nowMs));
    if (ready.length === 0) return null;
    const frame = new Int16Array(frameSamples);
    frame.set(ready.subarray(0, frameSamples));
    ready = ready.subarray(frameSamples);
    return frame;
  };
  /** Drops or adds a frame where the wait is too long or too short. */
  const keepPace = (frame: Int16Array, nowMs: number): Int16Array => {
    watched += 1;
    const judged = watched >= WATCHED_FRAMES;
    if (judged && (shortestWaitMs > LONGEST_WAIT_MS || (shortestWaitMs > LONG_WAIT_MS && isQuiet(frame)))) {
      // The shortest wait shrinks by the dropped frame, and remains the shortest of the same frames.
      shortestWaitMs -= FRAME_MS;
      return takeFrame(nowMs) ?? frame;
    }
    if (judged && shortestWaitMs < SHORT_WAIT_MS && isQuiet(frame)) {
      ready = Int16Array.from([...frame, ...ready]);
      resetWatch();
      return new Int16Array(frameSamples);
    }
    if (judged && shortestWaitMs <= LONG_WAIT_MS && shortestWaitMs >= SHORT_WAIT_MS) resetWatch();
    return frame;
  };

  return {
    packet({ sequenceNumber, timestamp, payload, arrivedMs }) {
      let ticks = unwrapTime(timestamp);
      let number = unwrapNumber(sequenceNumber);
      const isJump = next !== null && Math.abs(ticks - next) > LONGEST_JUMP_MS * ticksPerMs;
      if (isJump || waiting.length >= MOST_WAITING) {
        clear();
        ticks = unwrapTime(timestamp);
        number = unwrapNumber(sequenceNumber);
      }
      next ??= ticks;
      // Too late, or a duplicate.
      if (ticks < next || waiting.some((packet) => packet.ticks === ticks)) return;
      if (!playing) beginsMs ??= arrivedMs + FIRST_WAIT_MS;
      const after = waiting.findIndex((packet) => packet.ticks > ticks);
      const kept = { number, ticks, payload: payload.slice(), arrivedMs };
      waiting.splice(after === -1 ? waiting.length : after, 0, kept);
    },
    take(nowMs) {
      if (!playing) {
        if (beginsMs === null || nowMs < beginsMs) return null;
        playing = true;
        beginsMs = null;
        // The silence before is over already.
        next = waiting[0]?.ticks ?? next;
        lastNumber = (waiting[0]?.number ?? 0) - 1;
        resetWatch();
      }
      const frame = takeFrame(nowMs);
      if (frame === null) {
        playing = false;
        return null;
      }
      return keepPace(frame, nowMs);
    },
    clear,
  };
};

const isQuiet = (frame: Int16Array): boolean =>
  frame.reduce((total, sample) => total + Math.abs(sample), 0) < QUIET * frame.length;
