import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Log } from '../../../../src/core/ports.ts';
import { type WorkerThread, WorkerThreadError } from '../../../common/worker-thread.ts';
import { problemOfQuery } from '../../listen-parameters.ts';
import type { MoonshineSize } from '../recognition/moonshine.ts';
import type { RecognizerPool } from '../recognition/pool.ts';
import { transcribeFile } from '../transcribe-file.ts';
import type { VoiceActivityApi } from '../voice-activity/worker.ts';
import { withBody } from './body.ts';
import { badRequest, invalidKey, ListenError, tooMany, undecodable } from './errors.ts';
import { problemOf, recordingQuery } from './query.ts';
import { recordingResponse } from './responses.ts';

export interface EngineParts {
  readonly voiceActivity: WorkerThread<VoiceActivityApi>;
  readonly recognizers: RecognizerPool;
  readonly modelSize: MoonshineSize;
  readonly hasKey: (request: IncomingMessage) => boolean;
  readonly log: Log;
}

/** More concurrent recordings would only wait for each other, each with a file on disk. */
const maxConcurrent = 32;

/** `POST /v1/listen`: a recording in the request, its words in the response. */
export const createRecordingHandler = (parts: EngineParts) => {
  const pending = new Set<Promise<void>>();
  let recordings = 0;

  const answer = async (request: IncomingMessage, requestId: string, signal: AbortSignal) => {
    if (!parts.hasKey(request)) throw invalidKey();
    const url = new URL(request.url ?? '/', 'http://engine');
    const problem = problemOfQuery(url.searchParams);
    if (problem !== null) throw badRequest(problem);
    const query = recordingQuery.safeParse(Object.fromEntries(url.searchParams));
    if (!query.success) throw badRequest(problemOf(query.error));
    if (/^application\/json\b/i.test(request.headers['content-type'] ?? ''))
      throw badRequest('the local engine does not fetch URLs; send the recording as the body.');
    if (recordings >= maxConcurrent) throw tooMany();
    recordings++;
    const startedMs = Date.now();
    try {
      return await withBody(request, signal, async (body) => {
        if (body.sizeBytes === 0) throw undecodable();
        const transcription = await transcribeFile(parts, {
          path: body.path,
          multichannel: query.data.multichannel,
          speakers: query.data.speakers,
          size: parts.modelSize,
          signal,
        });
        const tookSeconds = (Date.now() - startedMs) / 1000;
        parts.log.info(
          {
            requestId,
            sizeBytes: body.sizeBytes,
            durationSeconds: transcription.durationSeconds,
            realTimeFactor: tookSeconds / transcription.durationSeconds,
          },
          'a recording was transcribed',
        );
        return recordingResponse(transcription, query.data, {
          requestId,
          sha256: body.sha256,
          createdMs: startedMs,
          size: parts.modelSize,
        });
      });
    } finally {
      recordings--;
    }
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const requestId = randomUUID();
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      sendJson(response, 200, await answer(request, requestId, gone.signal));
    } catch (thrown) {
      if (gone.signal.aborted) return;
      const error = toListenError(thrown);
      if (error.status >= 500) parts.log.error({ requestId, err: thrown }, 'a recording failed');
      // Without this the client would keep sending the rest.
      if (!request.complete) response.setHeader('connection', 'close');
      sendJson(response, error.status, {
        err_code: error.code,
        err_msg: error.message,
        request_id: requestId,
      });
    }
  };

  return {
    handle: (request: IncomingMessage, response: ServerResponse): void => {
      const work = serve(request, response).finally(() => pending.delete(work));
      pending.add(work);
    },
    /** Resolves when every request has ended and its files are deleted. */
    idle: async (): Promise<void> => {
      await Promise.all(pending);
    },
  };
};

const toListenError = (thrown: unknown): ListenError => {
  if (thrown instanceof ListenError) return thrown;
  if (thrown instanceof WorkerThreadError && thrown.kind === 'UndecodableError') return undecodable();
  return new ListenError(500, 'INTERNAL_SERVER_ERROR', 'The local engine failed. Its log says why.');
};

export const sendJson = (response: ServerResponse, status: number, body: object): void => {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': bytes.length });
  response.end(bytes);
};
