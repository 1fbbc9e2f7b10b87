import { mixFor } from '../../src/media/audio/mix.ts';
import { createOpusDecoder } from '../../src/media/audio/opus.ts';
import { createPlayout } from '../../src/media/audio/playout.ts';
import { PACKET_MS, samplesOf, sendOpus } from '../../test/media/audio/support.ts';

const SPEAKERS = 10;
const PHONES = ['phone 0', 'phone 1', 'phone 2', 'phone 3'];

/** Processor time over the time that is spoken, all of them talking all the time: shares of one core. */
export const measureMixing = async (size: {
  readonly spokenMs: number;
}): Promise<{ readonly decoding: number; readonly mixing: number }> => {
  const packets = (await sendOpus(await samplesOf('two-voices'))).map(({ rtp }) => rtp.payload);
  const playouts = await Promise.all(
    Array.from({ length: SPEAKERS }, async () => createPlayout(await createOpusDecoder(8_000))),
  );
  const frames = size.spokenMs / PACKET_MS;
  let [decodingUs, mixingUs, mixed] = [0, 0, 0];
  for (let at = 0; at < frames; at += 1) {
    const nowMs = at * PACKET_MS;
    const voices = new Map<string, Int16Array>();
    const beganUs = processorUs();
    for (const [speaker, playout] of playouts.entries()) {
      const payload = packets[(at + speaker * 97) % packets.length]!;
      playout.packet({
        sequenceNumber: at & 0xffff,
        timestamp: (at * 960) >>> 0,
        payload,
        arrivedMs: nowMs,
      });
      const frame = playout.take(nowMs);
      if (frame !== null) voices.set(`speaker ${speaker}`, frame);
    }
    const decodedUs = processorUs();
    // Phones that speak get a mix each, which is the expensive case.
    for (const [phone, name] of PHONES.entries()) {
      const own = voices.get(`speaker ${phone}`);
      if (own !== undefined) voices.set(name, own);
    }
    mixed += mixFor(voices, PHONES).length;
    decodingUs += decodedUs - beganUs;
    mixingUs += processorUs() - decodedUs;
  }
  if (mixed !== frames * PHONES.length) throw new Error('not everything was mixed');
  const spokenUs = size.spokenMs * 1_000;
  return { decoding: decodingUs / spokenUs, mixing: mixingUs / spokenUs };
};

const processorUs = (): number => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
