import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { systemClock } from '../../src/clock.ts';
import { createSpeech } from '../../src/speech/index.ts';
import { longWav, recordingLog, source } from './support.ts';

const MIB = 1024 ** 2;

it('streams 200 MB without holding more than a few', async () => {
  const engine = await startScriptedEngine();
  const speech = createSpeech({
    apiKey: engine.apiKey,
    baseUrl: engine.url,
    clock: systemClock,
    log: recordingLog(),
  });
  const { signal } = new AbortController();
  const sizeBytes = 200 * MIB;
  let mostInFlight = 0;
  let made = 0;
  const hash = createHash('sha256');
  const recording = source(
    (function* () {
      for (const chunk of longWav(sizeBytes)) {
        hash.update(chunk);
        made += chunk.length;
        yield chunk;
        mostInFlight = Math.max(mostInFlight, made - (engine.requests[0]?.totalBytes ?? 0));
      }
    })(),
    sizeBytes,
  );
  const reported: { sentBytes: number; sent: boolean }[] = [];
  const startedMs = performance.now();
  await speech.transcribe(recording, { signal, progress: (p) => reported.push(p) });
  const tookMs = performance.now() - startedMs;

  const request = engine.requests[0]!;
  expect(request.totalBytes).toBe(sizeBytes);
  expect(request.sha256).toBe(hash.digest('hex'));
  // One megabyte of ours, and what two sockets of the kernel take in.
  expect(mostInFlight).toBeLessThan(24 * MIB);
  expect(reported.at(-1)).toEqual({ sentBytes: sizeBytes, sent: true });
  expect(reported.filter(({ sent }) => sent)).toHaveLength(1);
  expect(reported.length).toBeLessThan(tookMs / 100 + 3);
  await speech.close();
  await engine.close();
});
