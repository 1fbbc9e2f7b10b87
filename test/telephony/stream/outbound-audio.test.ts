import { beforeEach, describe, expect, it } from 'vitest';
import type { StreamOrder } from '../../../src/telephony/stream/messages.ts';
import { createOutboundAudio, type OutboundAudio } from '../../../src/telephony/stream/outbound-audio.ts';

const SPEECH = new Uint8Array(160).fill(0x20);
const SILENCE = new Uint8Array(160).fill(0xff);
const FRAME_MS = 20;

/**
 * A network that plays by its own clock, buffers what comes early, and returns marks once all before them was played.
 * It is stepped in whole milliseconds.
 */
class Network {
  readonly pathMs: { there: number; back: number };
  readonly buffer: ({ frame: true; leftMs: number } | { frame: false; name: string })[] = [];
  readonly arriving: { atMs: number; order: StreamOrder }[] = [];
  readonly returning: { atMs: number; name: string }[] = [];
  playedFrames = 0;
  returnsMarks = true;

  constructor(there = 30, back = 30) {
    this.pathMs = { there, back };
  }
  get bufferedMs(): number {
    return this.buffer.reduce((sum, one) => sum + (one.frame ? one.leftMs : 0), 0);
  }
  step(nowMs: number, speed = 1): string[] {
    while (this.arriving[0] !== undefined && this.arriving[0].atMs <= nowMs)
      this.#take(this.arriving.shift()!.order, nowMs);
    let leftMs = speed;
    while (leftMs > 0 && this.buffer.length > 0) {
      const first = this.buffer[0]!;
      if (first.frame) {
        const playedMs = Math.min(leftMs, first.leftMs);
        first.leftMs -= playedMs;
        leftMs -= playedMs;
        if (first.leftMs > 1e-9) break;
        this.playedFrames += 1;
      }
      if (!first.frame) this.#returnMark(first.name, nowMs);
      this.buffer.shift();
    }
    const back = this.returning.filter(({ atMs }) => atMs <= nowMs);
    this.returning.splice(0, back.length);
    return back.map(({ name }) => name);
  }
  #take(order: StreamOrder, nowMs: number): void {
    if (order.event === 'media') this.buffer.push({ frame: true, leftMs: FRAME_MS });
    if (order.event === 'mark') this.buffer.push({ frame: false, name: order.mark.name });
    if (order.event === 'clear') {
      for (const one of this.buffer.splice(0)) if (!one.frame) this.#returnMark(one.name, nowMs);
    }
  }
  #returnMark(name: string, nowMs: number): void {
    if (this.returnsMarks) this.returning.push({ atMs: nowMs + this.pathMs.back, name });
  }
}

let nowMs: number;
let unsentBytes: number;
let sent: StreamOrder[];
let network: Network;
let outbound: OutboundAudio;
beforeEach(() => {
  nowMs = 1_000;
  unsentBytes = 0;
  sent = [];
  network = new Network();
  outbound = createOutboundAudio({
    send: (order) => {
      sent.push(order);
      network.arriving.push({ atMs: nowMs + network.pathMs.there, order });
    },
    unsentBytes: () => unsentBytes,
    monotonicMs: () => nowMs,
  });
});

/** Lets time pass; a frame is due every 20 ms unless `frame` is null. `speed` is that of the network's clock. */
const run = (ms: number, frame: ((at: number) => Uint8Array) | null = () => SPEECH, speed = 1): void => {
  for (let step = 0; step < ms; step += 1) {
    nowMs += 1;
    for (const name of network.step(nowMs, speed)) outbound.markReturned(name);
    if (frame !== null && step % FRAME_MS === 0) outbound.play(frame(step / FRAME_MS));
  }
};
const burst = (frames: number): void => {
  for (let at = 0; at < frames; at += 1) outbound.play(SPEECH);
};
/** As people talk: a pause now and then. */
const talk = (at: number): Uint8Array => (at % 50 < 10 ? SILENCE : SPEECH);

describe('what a phone hears', () => {
  it('is passed on as it comes, with a mark every 100 ms', () => {
    run(1_000);
    expect(sent.filter(({ event }) => event === 'media')).toHaveLength(50);
    expect(sent[0]).toEqual({ event: 'media', media: { payload: Buffer.from(SPEECH).toString('base64') } });
    expect(sent.flatMap((order) => (order.event === 'mark' ? [order.mark.name] : []))).toEqual(
      Array.from({ length: 10 }, (_, at) => String(at + 1)),
    );
    expect(outbound.figures).toEqual({ playedMs: 1_000, skippedMs: 0, cleared: 0 });
  });

  it('is not changed on a long network path that stays as long', () => {
    network = new Network(300, 300);
    run(30_000, talk);
    expect(outbound.figures).toEqual({ playedMs: 30_000, skippedMs: 0, cleared: 0 });
  });

  it('does not fall behind when the network’s clock is slower: silence is skipped', () => {
    // A hundredth slower, far more than clocks are, makes 1.2 s in two minutes.
    run(120_000, talk, 0.99);
    expect(network.bufferedMs).toBeLessThan(300);
    expect(outbound.figures.skippedMs).toBeGreaterThan(800);
    expect(outbound.figures.skippedMs).toBeLessThan(1_500);
    expect(outbound.figures.cleared).toBe(0);
  });

  it('loses no word to a stall that skipped silence makes up for', () => {
    run(2_000, talk);
    burst(15);
    run(5_000, talk);
    expect(network.bufferedMs).toBeLessThan(200);
    expect(outbound.figures.cleared).toBe(0);
  });

  it('loses no more silence than is buffered', () => {
    run(2_000);
    burst(15);
    run(3_000, () => SILENCE);
    expect(outbound.figures.skippedMs).toBeGreaterThan(150);
    expect(outbound.figures.skippedMs).toBeLessThanOrEqual(260);
  });

  it('is cleared when it is far behind, at once, and once', () => {
    run(2_000);
    burst(100);
    run(3_000);
    expect(outbound.figures.cleared).toBe(1);
    expect(network.bufferedMs).toBeLessThan(100);
    expect(sent.filter(({ event }) => event === 'clear')).toHaveLength(1);
  });

  it('is late when marks are overdue, too', () => {
    run(2_000);
    network.returnsMarks = false;
    run(1_000);
    expect(outbound.figures.cleared).toBe(1);
    // From here on nothing is measured, so nothing is cleared.
    run(5_000);
    expect(outbound.figures.cleared).toBe(1);
  });

  it('adapts to a network path that became longer', () => {
    run(2_000, talk);
    network.pathMs.there = 400;
    network.pathMs.back = 400;
    run(60_000, talk);
    expect(outbound.figures.cleared).toBe(1);
    expect(outbound.figures.skippedMs).toBeLessThan(1_000);
  });

  it('is not cleared by marks that were not sent, or return twice', () => {
    run(2_000);
    for (const name of ['1', '1', '7', 'x', '', '99999']) outbound.markReturned(name);
    run(2_000);
    expect(outbound.figures).toEqual({ playedMs: 4_000, skippedMs: 0, cleared: 0 });
  });

  it('is skipped while the socket is full, rather than buffered', () => {
    unsentBytes = 10_000;
    run(500);
    expect(sent).toEqual([]);
    expect(outbound.figures.skippedMs).toBe(500);
    unsentBytes = 0;
    run(500);
    expect(outbound.figures.playedMs).toBe(500);
  });

  it('comes without more marks for a network that returns none', () => {
    network.returnsMarks = false;
    run(60_000);
    expect(sent.filter(({ event }) => event === 'mark')).toHaveLength(100);
    expect(outbound.figures).toMatchObject({ playedMs: 60_000, skippedMs: 0 });
  });
});
