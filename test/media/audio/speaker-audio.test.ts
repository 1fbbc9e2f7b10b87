import { describe, expect, it } from 'vitest';
import { HANGOVER_MS, PRE_ROLL_MS } from '../../../src/media/audio/gate.ts';
import { createSpeakerAudio } from '../../../src/media/audio/speaker-audio.ts';
import {
  arrive,
  bytesOf,
  DELAY_MS,
  expectEveryWord,
  lengthOf,
  listen,
  NETWORKS,
  opened,
  secondFrom,
  WAY_MS,
} from './speaker-support.ts';
import {
  type ArrivingPacket,
  endOf,
  likeness,
  microphoneOf,
  mulawByLogarithm,
  PACKET_MS,
  rtpOf,
  samplesOf,
  sendOpus,
  throughNetwork,
} from './support.ts';

it('every word of a speaker arrives at its time, and little else, over a bad network from a noisy room', () =>
  expectEveryWord({
    speaker: 'Nora',
    network: NETWORKS['a network that loses, doubles and reorders'],
    dtx: true,
    noiseDbfs: -40,
  }));

describe('one speaker', () => {
  const voice = async (): Promise<readonly ArrivingPacket[]> =>
    throughNetwork(await sendOpus((await samplesOf('two-voices')).subarray(10_000 * 16, 17_000 * 16)), {});

  it('whose way becomes longer in the middle of a word is heard without a hole in it', async () => {
    const { samples } = await microphoneOf('two-voices', 'Nora', -75);
    const packets = throughNetwork(await sendOpus(samples), { delayMs: DELAY_MS });
    const [onTime, later] = [await listen(), await listen()];
    arrive(onTime.audio, packets);
    const [saidMs, longerMs] = [12_000, 220];
    arrive(
      later.audio,
      packets.map(({ rtp, arrivedMs }) => ({
        rtp,
        arrivedMs: arrivedMs < saidMs ? arrivedMs : arrivedMs + longerMs,
      })),
    );
    for (const { audio } of [onTime, later]) audio.close();
    expect(bytesOf(later.pieces)).toBe(bytesOf(onTime.pieces));
    const word = samples.subarray((saidMs - 500) * 16, (saidMs + 500) * 16);
    expect(likeness(word, secondFrom(later.pieces, saidMs - 500 + WAY_MS), 50)).toBeGreaterThan(0.8);
    // What was said after it has the time at which it came.
    const next = samples.subarray((saidMs + 500) * 16, (saidMs + 1_500) * 16);
    const nextAtMs = saidMs + 500 + WAY_MS + longerMs;
    expect(likeness(next, secondFrom(later.pieces, nextAtMs), 50)).toBeGreaterThan(0.8);
  });

  it('who mutes sends nothing, whatever arrives, and nothing of it later', async () => {
    const packets = await voice();
    const { audio, pieces, ...listening } = await listen();
    arrive(audio, packets.slice(0, 100));
    audio.setMuted(true);
    const sentBefore = audio.counters().sentBytes;
    arrive(audio, packets.slice(100, 200), 4_100);
    expect(audio.counters()).toMatchObject({ sentBytes: sentBefore, muted: 100 });

    audio.setMuted(false);
    arrive(audio, packets.slice(200, 300));
    audio.close();
    const unmutedMs = packets[200]!.arrivedMs;
    const mutedMs = packets[99]!.arrivedMs;
    expect(pieces.some(({ atMs }) => atMs >= unmutedMs)).toBe(true);
    expect(pieces.filter((piece) => endOf(piece) > mutedMs + PACKET_MS && piece.atMs < unmutedMs)).toEqual(
      [],
    );
    expect(audio.counters()).toMatchObject({ packets: 300, lost: 0 });
    expect(listening.pauses).toBe(0);
  });

  it('who mutes in the middle of a word has said what came before it', async () => {
    const packets = await voice();
    const listening = await listen();
    // 103 packets are 20.6 pieces, and the last one waits for the one before it, which is late.
    const until = packets.slice(0, 103);
    arrive(listening.audio, [...until.slice(0, 101), until[102]!]);
    listening.audio.setMuted(true);
    expect(endOf(listening.pieces.at(-1)!)).toBeCloseTo(until[102]!.arrivedMs + PACKET_MS, 0);
    expect(listening.pauses).toBe(1);
    expect(listening.audio.counters()).toMatchObject({ lost: 1, concealedMs: 20 });
    listening.audio.setMuted(true);
    expect(listening.pauses).toBe(1);
  });

  it('who stops sending is paused by the clock, once', async () => {
    const listening = await listen();
    const packets = await voice();
    const endMs = packets.at(-1)!.arrivedMs;
    arrive(listening.audio, packets, endMs + 500);
    expect(listening.pauses).toBe(0);
    arrive(listening.audio, [], 0);
    listening.audio.tick(endMs + 1_100);
    listening.audio.tick(endMs + 5_000);
    expect(listening.pauses).toBe(1);
    expect(endOf(listening.pieces.at(-1)!)).toBeCloseTo(endMs + PACKET_MS, 0);
  });

  it('who leaves has said everything, and is paused once', async () => {
    const listening = await listen();
    arrive(listening.audio, (await voice()).slice(0, 103));
    listening.audio.close();
    listening.audio.close();
    expect(listening.pauses).toBe(1);
    expect(bytesOf(listening.pieces)).toBe(103 * 640);
    listening.audio.packet((await voice())[103]!.rtp, 9_000);
    listening.audio.tick(20_000);
    listening.audio.setMuted(true);
    expect(bytesOf(listening.pieces)).toBe(103 * 640);
    expect(listening.pauses).toBe(1);
  });

  it('who sends rubbish is heard as soon as it ends', async () => {
    const packets = await voice();
    const { audio, pieces } = await listen();
    const rubbish = packets.map((packet, at) =>
      at < 50 ? { ...packet, rtp: { ...packet.rtp, payload: Uint8Array.of(0xff) } } : packet,
    );
    arrive(audio, rubbish);
    audio.close();
    expect(audio.counters()).toMatchObject({ broken: 50, lost: 0 });
    expect(pieces[0]!.atMs).toBeCloseTo(packets[50]!.arrivedMs, 0);
  });

  it('keeps its packets when the buffers they came in are used again', async () => {
    const packets = await voice();
    const [kept, reused] = [await listen(), await listen()];
    const swapped = packets
      .flatMap((_, at) => (at % 2 === 0 ? [packets[at + 1], packets[at]] : []))
      .filter((each) => each !== undefined);
    for (const { rtp, arrivedMs } of swapped) {
      kept.audio.packet(rtp, arrivedMs);
      const buffer = rtp.payload.slice();
      reused.audio.packet({ ...rtp, payload: buffer }, arrivedMs);
      buffer.fill(0);
    }
    kept.audio.close();
    reused.audio.close();
    expect(bytesOf(kept.pieces)).toBeGreaterThan(100_000);
    expect(reused.pieces).toEqual(kept.pieces);
  });

  it('on a phone is heard by the very codes it sent, at their times, and little else', async () => {
    const { samples, spoken } = await microphoneOf('two-voices', 'Ben', -60);
    const sent = Uint8Array.from({ length: samples.length / 2 }, (_, at) =>
      mulawByLogarithm(samples[at * 2]!),
    );
    const packets = Array.from({ length: Math.floor(sent.length / 160) }, (_, at) => ({
      rtp: rtpOf({
        payloadType: 0,
        sequenceNumber: at,
        timestamp: at * 160,
        payload: sent.subarray(at * 160, (at + 1) * 160),
      }),
      arrivedMs: (at + 1) * 20,
    }));
    const pieces: { codes: Uint8Array; atMs: number }[] = [];
    const audio = await createSpeakerAudio({
      codec: 'pcmu',
      onAudio: (codes, atMs) => void pieces.push({ codes, atMs }),
      onPause: () => {},
    });
    opened.push(audio);
    arrive(audio, packets);
    audio.close();
    for (const { codes, atMs } of pieces) {
      expect(codes.length).toBeLessThanOrEqual(800);
      const from = (atMs - PACKET_MS) * 8;
      expect([...codes]).toEqual([...sent.subarray(from, from + codes.length)]);
    }
    for (const { startMs, endMs } of spoken) {
      for (let atMs = startMs + PACKET_MS; atMs <= endMs + PACKET_MS; atMs += 10) {
        expect(
          pieces.some((piece) => piece.atMs <= atMs + 5 && atMs - 5 <= piece.atMs + piece.codes.length / 8),
          `${atMs}`,
        ).toBe(true);
      }
    }
    const heardMs = pieces.reduce((total, { codes }) => total + codes.length / 8, 0);
    const allowedMs = lengthOf(spoken) + spoken.length * (PRE_ROLL_MS + HANGOVER_MS);
    expect(heardMs).toBeLessThanOrEqual(1.15 * allowedMs);
  });
});
