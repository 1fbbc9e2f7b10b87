import { decodeMulaw } from '../../core/audio/g711.ts';
import type { StreamOrder } from './messages.ts';

/** A mark is sent after this much sound; the network gives it back once all before it was played. */
const MARK_EVERY_MS = 100;
/** More delay than the way itself takes, and silence is left out until half of it is gone. */
const AHEAD_MS = 200;
const CAUGHT_UP_MS = 100;
/** So far behind that what waits at the network is thrown away. */
const FAR_AHEAD_MS = 500;
/** Half a second of messages in the process's own buffers means that the network is behind. */
const MOST_UNSENT_BYTES = 8 * 1024;
/** A network that gives no marks back is not sent any more of them. */
const MOST_MARKS = 100;

/** What a telephone hears, on its way to the network. */
export interface Playout {
  /** Takes mulaw when it is due. */
  play(mulaw: Uint8Array): void;
  /** The network gave a mark back. */
  marked(name: string): void;
  /** Since it began. */
  readonly figures: { readonly playedMs: number; readonly leftOutMs: number; readonly cleared: number };
}

interface Mark {
  readonly name: string;
  readonly sentAtMs: number;
  /** All that had been left out by then. */
  readonly leftOutMs: number;
}

/**
 * Keeps the delay of what a telephone hears from growing. The network plays by its own clock and keeps what comes too
 * early, so a clock of ours that is faster by a hair, or a stall of the process or the line, makes every later word
 * late. How late is told by marks: the shortest time in which one came back is the way itself, what it takes beyond
 * that is sound that waits. Of that, silence is left out; if that is not enough, it is cleared, and the way measured
 * anew, so that a way that became longer is not taken for waiting sound for ever.
 */
export const createPlayout = (parts: {
  readonly send: (order: StreamOrder) => void;
  readonly unsentBytes: () => number;
  readonly monotonicMs: () => number;
}): Playout => {
  const { send, unsentBytes, monotonicMs } = parts;
  let marks: Mark[] = [];
  let nextMark = 1;
  let sinceMarkMs = 0;
  /** The shortest time in which a mark came back; null before the first did. */
  let wayMs: number | null = null;
  let waiting = { ms: 0, leftOutMs: 0 };
  let leavingOut = false;
  let playedMs = 0;
  let leftOutMs = 0;
  let cleared = 0;

  /** How much sound waits at the network, as far as marks tell. */
  const aheadMs = (): number => {
    if (wayMs === null) return 0;
    const told = waiting.ms - (leftOutMs - waiting.leftOutMs);
    const [oldest] = marks;
    if (oldest === undefined) return told;
    return Math.max(told, monotonicMs() - oldest.sentAtMs - wayMs - (leftOutMs - oldest.leftOutMs));
  };

  const clear = (): void => {
    send({ event: 'clear' });
    cleared += 1;
    // Cleared marks come back as well, and tell nothing.
    marks = [];
    sinceMarkMs = 0;
    wayMs = null;
    waiting = { ms: 0, leftOutMs };
  };

  const mark = (): void => {
    if (marks.length >= MOST_MARKS) return;
    const name = String(nextMark);
    nextMark += 1;
    sinceMarkMs = 0;
    marks.push({ name, sentAtMs: monotonicMs(), leftOutMs });
    send({ event: 'mark', mark: { name } });
  };

  return {
    play(mulaw) {
      const lengthMs = mulaw.length / 8;
      const ahead = aheadMs();
      if (ahead > FAR_AHEAD_MS) clear();
      leavingOut = ahead <= FAR_AHEAD_MS && ahead > (leavingOut ? CAUGHT_UP_MS : AHEAD_MS);
      if (unsentBytes() > MOST_UNSENT_BYTES || (leavingOut && isQuiet(mulaw))) {
        leftOutMs += lengthMs;
        return;
      }
      const payload = Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.length).toString('base64');
      send({ event: 'media', media: { payload } });
      playedMs += lengthMs;
      sinceMarkMs += lengthMs;
      if (sinceMarkMs >= MARK_EVERY_MS) mark();
    },
    marked(name) {
      const at = marks.findIndex((one) => one.name === name);
      if (at === -1) return;
      const { sentAtMs, leftOutMs: leftOutThen } = marks[at]!;
      marks.splice(0, at + 1);
      const tookMs = monotonicMs() - sentAtMs;
      wayMs = Math.min(wayMs ?? tookMs, tookMs);
      waiting = { ms: tookMs - wayMs, leftOutMs: leftOutThen };
    },
    get figures() {
      return { playedMs, leftOutMs, cleared };
    },
  };
};

/** -48 dB of full scale. */
const QUIET_BELOW = 130;
const isQuiet = (mulaw: Uint8Array): boolean =>
  mulaw.every((code) => Math.abs(decodeMulaw(code)) < QUIET_BELOW);
