/** One process of the streaming measurement: `files`, `engine`, `ours` or `bare`. Connected to its parent by IPC. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { systemClock } from '../../src/clock.ts';
import { createLinks } from '../../src/links/index.ts';
import { createSpeech } from '../../src/speech/index.ts';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const [role, filesUrl = '', engineUrl = '', sizeBytes = ''] = process.argv.slice(2);
const say = (message: unknown): void => void process.send?.(message);

/** A WAV of silence as long as its path says (`/1048576.wav`), made as it is read. */
const serveFiles = async (): Promise<string> => {
  const header = Buffer.alloc(44);
  header.write('RIFF\xff\xff\xff\xffWAVEfmt ', 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(16_000, 24);
  header.writeUInt32LE(32_000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data\xff\xff\xff\xff', 36, 'latin1');
  const block = Buffer.alloc(65_536);
  const server = createServer((incoming, response) => {
    const bytesAsked = Number(/^\/(\d+)\.wav$/.exec(incoming.url ?? '')?.[1]);
    const bytes = function* (): Generator<Buffer> {
      yield header;
      for (let left = bytesAsked - header.length; left > 0; left -= block.length) {
        yield left < block.length ? block.subarray(0, left) : block;
      }
    };
    response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': bytesAsked });
    void pipeline(Readable.from(bytes()), response).catch(() => {});
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const ours = async (fileUrl: string): Promise<number> => {
  const signal = new AbortController().signal;
  const links = createLinks({ allowPrivate: () => true, log: silent });
  const speech = createSpeech({
    apiKey: 'scripted-key',
    baseUrl: engineUrl,
    clock: systemClock,
    log: silent,
  });
  let sentBytes = 0;
  await speech.transcribe(await links.open(fileUrl, { signal }), {
    signal,
    progress: (p) => {
      sentBytes = p.sentBytes;
    },
  });
  await Promise.all([links.close(), speech.close()]);
  return sentBytes;
};

const bare = async (fileUrl: string): Promise<number> => {
  const file = await fetch(fileUrl);
  const sending = request(`${engineUrl}/v1/listen`, {
    method: 'POST',
    headers: { authorization: 'Token scripted-key', 'content-type': 'audio/wav' },
  });
  const answered = once(sending, 'response');
  await pipeline(Readable.fromWeb(file.body as never), sending);
  const [answer] = await answered;
  await answer.resume().toArray();
  return Number(file.headers.get('content-length'));
};

const measure = async (way: (fileUrl: string) => Promise<number>): Promise<void> => {
  // A small run first, so that loading and compiling are not measured.
  await way(`${filesUrl}/1048576.wav`);
  say('go');
  const restBytes = process.memoryUsage.rss();
  let peakBytes = restBytes;
  const watch = setInterval(() => {
    peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  }, 20);
  const startedMs = performance.now();
  const sentBytes = await way(`${filesUrl}/${sizeBytes}.wav`);
  const tookMs = performance.now() - startedMs;
  clearInterval(watch);
  peakBytes = Math.max(peakBytes, process.memoryUsage.rss());
  say({ tookMs, sentBytes, grewBytes: peakBytes - restBytes });
};

switch (role) {
  case 'files':
    say(await serveFiles());
    break;
  case 'engine':
    say((await startScriptedEngine({ hash: false })).url);
    break;
  case 'ours':
    await measure(ours);
    break;
  case 'bare':
    await measure(bare);
    break;
  default:
    throw new Error(`unknown part: ${role}`);
}
