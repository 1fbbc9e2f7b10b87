import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Log } from '../../../src/core/ports.ts';
import { WorkerThread } from '../../common/worker-thread.ts';
import { createKeyCheck } from './http/api-keys.ts';
import { createRecordingHandler, sendJson } from './http/recordings.ts';
import { createLiveSockets } from './live/sockets.ts';
import type { MoonshineSize } from './recognition/moonshine.ts';
import { RecognizerPool } from './recognition/pool.ts';
import type { VoiceActivityApi } from './voice-activity/worker.ts';

export interface EngineOptions {
  readonly host?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The accepted keys of `Authorization: Token KEY`. */
  readonly apiKeys: readonly string[];
  /** Recognizer threads, 1 or 2; each holds about 400 MB of models. Default: 2, or 1 on a single core. */
  readonly workers?: number;
  /** The model for recordings and finals: `base` (default) is better, `tiny` twice as fast. */
  readonly model?: MoonshineSize;
  readonly log: Log;
  /** A live stream without audio or KeepAlive is closed after this. Default: 12 s, as Deepgram. */
  readonly liveIdleMs?: number;
}

export interface Engine {
  /** For DEEPGRAM_URL: `http://127.0.0.1:41234`. */
  readonly url: string;
  /** Loads the models now instead of with the first request. */
  warm(): Promise<void>;
  /** Ends every request, stream and thread. Idempotent. */
  close(): Promise<void>;
}

/**
 * Starts the local speech engine: Deepgram's `/v1/listen`, pre-recorded and live, with models on this machine.
 * English only; diarization is a guess. Models load with the first request.
 */
export const startEngine = async (options: EngineOptions): Promise<Engine> => {
  const size = options.model ?? 'base';
  const count = Math.min(2, Math.max(1, options.workers ?? availableParallelism()));
  const voiceActivity = new WorkerThread<VoiceActivityApi>(
    new URL('./voice-activity/worker.ts', import.meta.url),
  );
  const recognizers = new RecognizerPool(count);
  const parts = {
    voiceActivity,
    recognizers,
    modelSize: size,
    log: options.log,
    hasKey: createKeyCheck(options.apiKeys),
  };
  const listen = createRecordingHandler(parts);
  const live = createLiveSockets({ ...parts, idleMs: options.liveIdleMs ?? 12_000 });

  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://engine');
    if (request.method === 'POST' && pathname === '/v1/listen') listen.handle(request, response);
    else if (pathname === '/healthz') sendJson(response, 200, { ok: true });
    else sendJson(response, 404, { err_code: 'NOT_FOUND', err_msg: 'The local engine has /v1/listen only.' });
  });
  // An upload of 2 GB over a slow network takes longer than Node's limit of five minutes.
  server.requestTimeout = 0;
  server.on('upgrade', live.upgrade);
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  const { address, port, family } = server.address() as AddressInfo;

  let closing: Promise<void> | null = null;
  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    live.close();
    server.closeAllConnections();
    await Promise.all([closed, voiceActivity.close(), recognizers.close()]);
    await listen.idle();
  };
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    warm: async () => {
      await Promise.all([voiceActivity.call('warm', undefined as never), recognizers.warm([size, 'tiny'])]);
    },
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
