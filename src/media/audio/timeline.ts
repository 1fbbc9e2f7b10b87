import { createUnwrapper } from './wraparound.ts';

/** What the timeline needs to know of a packet. */
export interface Timed {
  /** RTP time: 32 bits of the codec's clock. */
  readonly timestamp: number;
  /** When it arrived, on the conversation clock. */
  readonly arrivedMs: number;
}

export interface Placed<T> {
  readonly packet: T;
  /** Where its first sample lies on the conversation clock. May step back when the network becomes faster. */
  readonly atMs: number;
}

/** Tells where on the conversation clock each packet of one sender lies. Wants them in their order. */
export interface Timeline<T extends Timed> {
  /** Takes a packet and gives back all whose place is certain, in order. */
  push(packet: T): readonly Placed<T>[];
  /** Decides about packets that have waited long enough. */
  tick(nowMs: number): readonly Placed<T>[];
  /** Places all that is held with what is known now. */
  drain(): readonly Placed<T>[];
}

/**
 * RTP time counts samples evenly but stands still while a track is taken away, jumps when another one comes, and
 * drifts with the sender's clock; arrival never does, but trembles with the network. So RTP time is used from
 * packet to packet, and where it begins is learned from arrivals: the fastest packets of the last seconds say how
 * long the way takes.
 *
 * - A packet earlier than expected: none can arrive before it was sent, so what was known is moved back at once.
 * - Later than 80 ms: either the network held it up, and what follows comes in a burst that catches up, or RTP time
 *   stood still, and what follows stays late. Packets wait for up to 60 ms until that is clear.
 * - Later than the fastest of two seconds: drift, or a small standstill; what was known moves up to it.
 */
export const createTimeline = <T extends Timed>(clockRateHz: number): Timeline<T> => {
  const unwrap = createUnwrapper(32);
  /** Conversation time at RTP time 0; null before the first packet. */
  let originMs: number | null = null;
  let held: Late<T>[] = [];
  let window = newWindow();

  const place = ({ packet, rtpMs }: Late<T>): Placed<T> => ({ packet, atMs: originMs! + rtpMs });

  const release = (): Placed<T>[] => {
    const placed = held.map(place);
    held = [];
    return placed;
  };

  /** Believes the late ones: the fastest of them is the new measure. */
  const believe = (): Placed<T>[] => {
    originMs = originOf(held);
    window = newWindow();
    return release();
  };

  const releaseOverdue = (nowMs: number): Placed<T>[] => {
    if (held.length === 0 || nowMs - held[0]!.packet.arrivedMs < CERTAIN_AFTER_MS) return [];
    return believe();
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
        // Later than those that already wait: RTP time stepped again, and they say nothing of where it is now.
        const before = packet.arrivedMs - rtpMs > originOf(held) + LATE_MS ? believe() : [];
        held.push({ packet, rtpMs });
        return [...before, ...releaseOverdue(packet.arrivedMs)];
      }
      // Whatever waited was only held up: the burst has caught up with what was known.
      const placed = release();
      if (delayMs < 0) {
        originMs += delayMs;
        window = newWindow();
      } else {
        watchDrift(packet.arrivedMs, delayMs);
      }
      return [...placed, place({ packet, rtpMs })];
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

/** The conversation time at RTP time 0 that the fastest of these packets says; infinite when there are none. */
const originOf = (packets: readonly Late<Timed>[]): number =>
  Math.min(...packets.map(({ packet, rtpMs }) => packet.arrivedMs - rtpMs));

interface DriftWindow {
  sinceMs: number | null;
  packets: number;
  leastDelayMs: number;
}

const newWindow = (): DriftWindow => ({ sinceMs: null, packets: 0, leastDelayMs: Number.POSITIVE_INFINITY });

/**
 * A standstill shorter than this is corrected only by the slow way, so it bounds the error, which must stay under
 * 100 ms; a network that makes every packet later than this is taken for a standstill.
 */
const LATE_MS = 80;
/** Three packets of 20 ms. A network that let go of held packets delivers them much faster than they were spoken. */
const CERTAIN_AFTER_MS = 60;
/** The fastest of 2 s is within a few milliseconds of the way's true length, also on a trembling network. */
const DRIFT_WINDOW_MS = 2_000;
/** Under DTX two seconds hold some ten packets, too few to tell delay from drift. */
const DRIFT_WINDOW_PACKETS = 20;
