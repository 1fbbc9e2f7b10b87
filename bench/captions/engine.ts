/**
 * The engine of the measurement, in its own process: reads the tone words of each live stream and sends each a fixed time
 * after the audio that completes it. (The scripted engine of the tests sends results once a second of audio, as Deepgram
 * does, which would count as a delay of Parley.)
 */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type RawData, WebSocketServer } from 'ws';
import { ToneReader } from '../../sandbox/engine/scripted/tones.ts';

const RATE_HZ = 16_000;
const delayMs = Number(process.argv[2]);

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
await once(server, 'listening');
server.on('connection', (socket) => {
  const reader = new ToneReader(RATE_HZ);
  let settled = 0;
  const say = (message: object): void => socket.send(JSON.stringify(message), () => {});
  socket.on('message', (data: RawData, isBinary) => {
    if (!isBinary) {
      if ((data as Buffer).toString().includes('CloseStream')) socket.close(1000);
      return;
    }
    const read = reader.read(data as Buffer);
    if (read.length === 0) return;
    const words = read.map(({ number, start, end }) => ({
      word: `m${number}`,
      start: start / RATE_HZ,
      end: end / RATE_HZ,
    }));
    const start = settled;
    settled = reader.readSamples;
    const results = {
      type: 'Results',
      start: start / RATE_HZ,
      duration: (settled - start) / RATE_HZ,
      is_final: true,
      channel: { alternatives: [{ words }] },
    };
    setTimeout(say, delayMs, results);
  });
});
process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
