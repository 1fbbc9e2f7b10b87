import type { AudioDecoder } from './decoder.ts';
import { createUnwrapper } from './wraparound.ts';

/** What the playout needs to know of a packet. */
interface PlayedPacket {
  readonly sequenceNumber: number;
  /** RTP time. */
  readonly timestamp: number;
  readonly payload: Uint8Array;
  readonly arrivedMs: number;
}

/** One speaker's sound at an even pace: packets go in as they come, a frame is taken every `FRAME_MS`. */
export interface Playout {
  /** Copies its payload. */
  readonly packet: (packet: PlayedPacket) => void;
  /** The next frame, at the decoder's rate; null while there is nothing to play. */
  readonly take: (nowMs: number) => Int16Array | null;
  /** Forgets what has not been played. */
  readonly clear: () => void;
}

const FRAME_MS = 20;

/**
 * How long the first packet of a stretch waits, so that those behind it may tremble as much. It is most of the delay
 * that a telephone gets from us; a network that trembles more stutters once, and the wait is longer from then on.
 */
const FIRST_WAIT_MS = 30;
/** When no packet has waited less for a while, the wait is shortened, in silence; */
const LONG_WAIT_MS = 55;
/** when one waited less, it is lengthened, before it runs out in the middle of a word. */
const SHORT_WAIT_MS = 6;
/** Delay that makes conversation hard is shortened at once, whatever is being said. */
const LONGEST_WAIT_MS = 160;
/** A second of frames: what the network did in it says what it may do next. */
const WATCHED_FRAMES = 1_000 / FRAME_MS;
/** -50 dB of full scale: a frame may be left out or put in there, and nobody hears it. */
const QUIET = 100;
/** RTP time that jumps further than this is another stream's. */
const LONGEST_JUMP_MS = 5_000;
/** As many packets of the usual length. Whoever sends more has no voice to play. */
const MOST_WAITING = LONGEST_JUMP_MS / FRAME_MS;
/** What is made up for losses; longer ones are left silent. */
const LONGEST_CONCEALED_MS = 60;

interface Waiting {
  readonly number: number;
  readonly ticks: number;
  readonly payload: Uint8Array;
  readonly arrivedMs: number;
}

/**
 * Packets wait in the order of their RTP time and are decoded when they are due. What a sender left out stays silent,
 * what the network lost is made up for, and clocks that drift apart are brought together where nobody speaks.
 */
export const createPlayout = (decoder: AudioDecoder): Playout => {
  const ticksPerMs = decoder.clockRateHz / 1_000;
  const samplesPerMs = decoder.sampleRateHz / 1_000;
  const frameSamples = FRAME_MS * samplesPerMs;
  /** By RTP time. */
  let waiting: Waiting[] = [];
  /** Decoded, and not played yet. */
  let ready: Int16Array = new Int16Array(0);
  let unwrapTime = createUnwrapper(32);
  let unwrapNumber = createUnwrapper(16);
  /** RTP time that is to be decoded next; null before the first packet. */
  let next: number | null = null;
  let lastNumber = 0;
  /** When the stretch begins that is waiting; null while one is being played or none has come. */
  let beginsMs: number | null = null;
  let playing = false;
  let leastWaitMs = Number.POSITIVE_INFINITY;
  let watched = 0;

  const watchAnew = (): void => {
    leastWaitMs = Number.POSITIVE_INFINITY;
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
    watchAnew();
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
  /** What belongs between what was decoded and the packet that is there: a loss, or the sender's silence. */
  const bridge = (packet: Waiting): void => {
    const missing = packet.ticks - next!;
    const isLoss = packet.number !== lastNumber + 1;
    if (isLoss && missing <= LONGEST_CONCEALED_MS * ticksPerMs) {
      append(decoder.conceal(packet.payload, missing / ticksPerMs));
      next = packet.ticks;
      return;
    }
    // Frame by frame, so that silence can be left out where the wait is too long.
    const silent = Math.min(missing, FRAME_MS * ticksPerMs);
    append(new Int16Array(Math.round((silent / ticksPerMs) * samplesPerMs)));
    next! += silent;
  };
  /** False when nothing is there. */
  const decodeNext = (nowMs: number): boolean => {
    const [packet] = waiting;
    if (packet === undefined) return false;
    if (packet.ticks > next!) {
      bridge(packet);
      return true;
    }
    waiting.shift();
    leastWaitMs = Math.min(leastWaitMs, nowMs - packet.arrivedMs);
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
  /** Leaves out or puts in a frame where the wait has become too long or too short. */
  const keepPace = (frame: Int16Array, nowMs: number): Int16Array => {
    watched += 1;
    const judged = watched >= WATCHED_FRAMES;
    if (judged && (leastWaitMs > LONGEST_WAIT_MS || (leastWaitMs > LONG_WAIT_MS && isQuiet(frame)))) {
      // The least wait shrinks by what was left out, and goes on being the least of the same frames.
      leastWaitMs -= FRAME_MS;
      return takeFrame(nowMs) ?? frame;
    }
    if (judged && leastWaitMs < SHORT_WAIT_MS && isQuiet(frame)) {
      ready = Int16Array.from([...frame, ...ready]);
      watchAnew();
      return new Int16Array(frameSamples);
    }
    if (judged && leastWaitMs <= LONG_WAIT_MS && leastWaitMs >= SHORT_WAIT_MS) watchAnew();
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
      // Too late, or twice.
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
        // What was silent before the stretch is over already.
        next = waiting[0]?.ticks ?? next;
        lastNumber = (waiting[0]?.number ?? 0) - 1;
        watchAnew();
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
