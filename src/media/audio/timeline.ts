import { createUnwrapper } from './wraparound.ts';

/** What the timeline needs of a packet. */
export interface Timed {
  /** RTP time: 32 bits of the codec's clock. */
  readonly timestamp: number;
  /** When it arrived, on the conversation clock. */
  readonly arrivedMs: number;
}

export interface Placed<T> {
  readonly packet: T;
  /** Of its first sample, on the conversation clock. May step back when the network becomes faster. */
  readonly atMs: number;
}

/** Places the packets of one sender on the conversation clock. Expects them in order. */
export interface Timeline<T extends Timed> {
  /** Returns all packets whose time is certain now, in order. */
  push(packet: T): readonly Placed<T>[];
  /** Returns packets that have waited long enough. */
  tick(nowMs: number): readonly Placed<T>[];
  /** Returns all held packets, with the best estimate so far. */
  drain(): readonly Placed<T>[];
}

/**
 * RTP timestamps count samples evenly, but pause while a track is removed, jump when another one replaces it, and drift
 * with the sender's clock. Arrival times do none of this, but have jitter. So timestamps give the distance between
 * packets, and arrivals give their origin: the fastest packets of the last seconds tell the network's delay.
 *
 * - A packet earlier than expected: none can arrive before it was sent, so the origin moves back at once.
 * - More than 80 ms late: either the network held it back, and the next ones arrive in a burst, or timestamps paused,
 *   and the next ones stay late. Packets wait for up to 60 ms until that is clear.
 * - Later than the fastest of two seconds: drift, or a short pause; the origin moves forward to it.
 */
export const createTimeline = <T extends Timed>(clockRateHz: number): Timeline<T> => {
  const unwrap = createUnwrapper(32);
  /** Conversation time at RTP time 0; null before the first packet. */
  let originMs: number | null = null;
  let held: Late<T>[] = [];
  let window = newWindow();

  const placed = ({ packet, rtpMs }: Late<T>): Placed<T> => ({ packet, atMs: originMs! + rtpMs });

  const release = (): Placed<T>[] => {
    const released = held.map(placed);
    held = [];
    return released;
  };

  /** Takes the late packets as the new normal: the fastest of them sets the origin. */
  const rebase = (): Placed<T>[] => {
    originMs = originOf(held);
    window = newWindow();
    return release();
  };

  const releaseOverdue = (nowMs: number): Placed<T>[] => {
    if (held.length === 0 || nowMs - held[0]!.packet.arrivedMs < CERTAIN_AFTER_MS) return [];
    return rebase();
  };

  const watchDrift = (arrivedMs: number, delayMs: number): void => {
    window.sinceMs ??= arrivedMs;
    window.packets += 1;
    window.leastDelayMs = Math.min(window.leastDelayMs, delayMs);
    if (arrivedMs - window.sinceMs < DRIFT_WINDOW_MS || window.packets < DRIFT_WINDOW_PACKETS) return;
    originMs! += window.leastDelayMs;
    window = newWindow();
  };

  return {
    push(packet) {
      const rtpMs = (unwrap(packet.timestamp) * 1_000) / clockRateHz;
      originMs ??= packet.arrivedMs - rtpMs;
      const delayMs = packet.arrivedMs - (originMs + rtpMs);
      if (delayMs > LATE_MS) {
        // Later than those that wait already: timestamps paused again, so the earlier ones are settled.
        const before = packet.arrivedMs - rtpMs > originOf(held) + LATE_MS ? rebase() : [];
        held.push({ packet, rtpMs });
        return [...before, ...releaseOverdue(packet.arrivedMs)];
      }
      // What waited was only held back: the burst has caught up.
      const released = release();
      if (delayMs < 0) {
        originMs += delayMs;
        window = newWindow();
      } else {
        watchDrift(packet.arrivedMs, delayMs);
      }
      return [...released, placed({ packet, rtpMs })];
    },
    tick: releaseOverdue,
    drain: release,
  };
};

interface Late<T> {
  readonly packet: T;
  /** RTP time in milliseconds, unwrapped. */
  readonly rtpMs: number;
}

/** The conversation time at RTP time 0, by the fastest of these packets; infinite when there are none. */
const originOf = (packets: readonly Late<Timed>[]): number =>
  Math.min(...packets.map(({ packet, rtpMs }) => packet.arrivedMs - rtpMs));

interface DriftWindow {
  sinceMs: number | null;
  packets: number;
  leastDelayMs: number;
}

const newWindow = (): DriftWindow => ({ sinceMs: null, packets: 0, leastDelayMs: Number.POSITIVE_INFINITY });

/**
 * A shorter pause is corrected slowly, as drift, so this bounds the error, which must stay under 100 ms. A network that
 * delays every packet by more is taken for a pause.
 */
const LATE_MS = 80;
/** Three packets of 20 ms. A network delivers a burst of held packets much faster than they were spoken. */
const CERTAIN_AFTER_MS = 60;
/** The fastest of 2 s is within a few milliseconds of the network's delay, with jitter too. */
const DRIFT_WINDOW_MS = 2_000;
/** Under DTX two seconds hold some ten packets, too few to tell delay from drift. */
const DRIFT_WINDOW_PACKETS = 20;
