import { decodeMulaw } from '../../core/audio/g711.ts';
import type { StreamOrder } from './messages.ts';

/** A mark follows each so much audio; the network returns it once all audio before it was played. */
const MARK_EVERY_MS = 100;
/** Above this delay beyond the round trip silence is skipped, until it is down to the second one. */
const SKIP_ABOVE_MS = 200;
const SKIP_UNTIL_MS = 100;
/** Above this delay, what the network has buffered is cleared. */
const CLEAR_ABOVE_MS = 500;
/** Half a second of messages in the process's own buffers means that the network cannot keep up. */
const MAX_UNSENT_BYTES = 8 * 1024;
/** A network that returns no marks is sent no more of them. */
const MAX_MARKS = 100;

/** What a phone hears, on its way to the network. */
export interface OutboundAudio {
  /** Takes mulaw when it is due. */
  play(mulaw: Uint8Array): void;
  markReturned(name: string): void;
  /** Since the stream began: audio sent, audio left out, and how often the network's buffer was cleared. */
  readonly figures: { readonly playedMs: number; readonly skippedMs: number; readonly cleared: number };
}

interface Mark {
  readonly name: string;
  readonly sentAtMs: number;
  /** All that had been skipped before. */
  readonly skippedMs: number;
}

/**
 * Keeps the delay of what a phone hears from growing. The network plays by its own clock and buffers what comes early,
 * so a faster clock of ours, or a stall of the process or the network, makes every later word late. Marks measure by how
 * much: the shortest time in which one returned is the round trip, and what it takes beyond that is buffered audio. Then
 * silence is skipped; if that is not enough, the buffer is cleared and the round trip measured again, so that a network
 * path that became longer is not taken for buffered audio for ever.
 */
export const createOutboundAudio = (parts: {
  readonly send: (order: StreamOrder) => void;
  readonly unsentBytes: () => number;
  readonly monotonicMs: () => number;
}): OutboundAudio => {
  const { send, unsentBytes, monotonicMs } = parts;
  let marks: Mark[] = [];
  let nextMark = 1;
  let sinceMarkMs = 0;
  /** The shortest time in which a mark returned; null before the first did. */
  let roundTripMs: number | null = null;
  /** What the newest returned mark measured, and all that had been skipped when it was sent. */
  let measured = { delayMs: 0, skippedMs: 0 };
  let skipping = false;
  let playedMs = 0;
  let skippedMs = 0;
  let cleared = 0;

  /** How much audio the network has buffered, as far as marks tell. */
  const delayMs = (): number => {
    if (roundTripMs === null) return 0;
    const known = measured.delayMs - (skippedMs - measured.skippedMs);
    const [oldest] = marks;
    if (oldest === undefined) return known;
    const overdue = monotonicMs() - oldest.sentAtMs - roundTripMs;
    return Math.max(known, overdue - (skippedMs - oldest.skippedMs));
  };

  const clear = (): void => {
    send({ event: 'clear' });
    cleared += 1;
    // Cleared marks are returned as well, and measure nothing.
    marks = [];
    sinceMarkMs = 0;
    roundTripMs = null;
    measured = { delayMs: 0, skippedMs };
  };

  const sendMark = (): void => {
    if (marks.length >= MAX_MARKS) return;
    const name = String(nextMark);
    nextMark += 1;
    sinceMarkMs = 0;
    marks.push({ name, sentAtMs: monotonicMs(), skippedMs });
    send({ event: 'mark', mark: { name } });
  };

  return {
    play(mulaw) {
      const lengthMs = mulaw.length / 8;
      const lateMs = delayMs();
      if (lateMs > CLEAR_ABOVE_MS) clear();
      skipping = lateMs <= CLEAR_ABOVE_MS && lateMs > (skipping ? SKIP_UNTIL_MS : SKIP_ABOVE_MS);
      if (unsentBytes() > MAX_UNSENT_BYTES || (skipping && isSilent(mulaw))) {
        skippedMs += lengthMs;
        return;
      }
      const payload = Buffer.from(mulaw.buffer, mulaw.byteOffset, mulaw.length).toString('base64');
      send({ event: 'media', media: { payload } });
      playedMs += lengthMs;
      sinceMarkMs += lengthMs;
      if (sinceMarkMs >= MARK_EVERY_MS) sendMark();
    },
    markReturned(name) {
      const at = marks.findIndex((mark) => mark.name === name);
      if (at === -1) return;
      const mark = marks[at]!;
      marks.splice(0, at + 1);
      const tookMs = monotonicMs() - mark.sentAtMs;
      roundTripMs = Math.min(roundTripMs ?? tookMs, tookMs);
      measured = { delayMs: tookMs - roundTripMs, skippedMs: mark.skippedMs };
    },
    get figures() {
      return { playedMs, skippedMs, cleared };
    },
  };
};

/** -48 dB of full scale. */
const SILENT_BELOW = 130;
const isSilent = (mulaw: Uint8Array): boolean =>
  mulaw.every((code) => Math.abs(decodeMulaw(code)) < SILENT_BELOW);
