/** Sends RTP as a microphone or a camera does, in its own process, until it is killed. Connected to its parent by IPC. */
import { createSocket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import type { Microphone } from '../support/rtp.ts';

/** What is sent, to each of the producers. */
export interface Flow {
  readonly to: readonly Microphone[];
  readonly packetsPerSecond: number;
  readonly bytes: number;
  /** Of the timestamps. */
  readonly clockRateHz: number;
  /** The start of every payload. */
  readonly beginning: readonly number[];
}

const BURST_MS = 20;

process.once('message', async ({ to, packetsPerSecond, bytes, clockRateHz, beginning }: Flow) => {
  const udp = createSocket('udp4');
  const packet = Buffer.alloc(12 + bytes);
  packet.writeUInt8(0x80, 0);
  packet.set(beginning, 12);
  process.send?.('sending');
  const startedMs = performance.now();
  let sent = 0;
  for (;;) {
    const due = Math.floor(((performance.now() - startedMs) / 1_000) * packetsPerSecond);
    for (; sent < due; sent += 1) {
      packet.writeUInt16BE(sent % 2 ** 16, 2);
      packet.writeUInt32BE(Math.round((sent * clockRateHz) / packetsPerSecond) % 2 ** 32, 4);
      for (const { port, ssrc, payloadType } of to) {
        packet.writeUInt8(payloadType, 1);
        packet.writeUInt32BE(ssrc, 8);
        // What is written next must not change what the kernel has not taken yet.
        udp.send(Buffer.from(packet), port, '127.0.0.1');
      }
    }
    await wait(BURST_MS);
  }
});
process.send?.('ready');
