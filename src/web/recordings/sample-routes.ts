import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import type { RecordingSource } from '../../core/conversation/types.ts';
import { toAppError } from '../../core/error.ts';
import type { WorkspaceId } from '../../core/ids.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { Chat, Links, Log, Store, WallClock } from '../../core/ports.ts';
import { describeVoices } from '../../core/transcript/transcribe.ts';
import { sendSentence } from '../sentence-page.ts';
import { CLIP_LINK_EXPIRED } from '../sentences.ts';
import { SAMPLE_PAGE_POLICY, samplePage } from './sample-page.ts';
import { type Sample, verifySample } from './sample-token.ts';

/** The headers of the file server that a browser needs in order to seek. */
const FORWARDED_HEADERS = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

/**
 * Plays a voice clip in the browser: a small page, and the recording itself, forwarded in the ranges that the browser
 * requests. Nothing is cut or decoded here.
 */
export const createSampleRoutes = (options: {
  readonly store: Store;
  readonly chat: Pick<Chat, 'openFileRange'>;
  readonly links: Links;
  readonly secret: Uint8Array;
  readonly clock: WallClock;
  readonly log: Log;
}): Router => {
  const { store, chat, links, secret, clock, log } = options;
  const router = Router();

  const speakerOf = async ({ conversationId, voice }: Sample) => {
    const { transcription, names } = await store.transact(async (tx) => ({
      transcription: await tx.transcription(conversationId),
      names: await tx.speakerNames(conversationId),
    }));
    const voices = transcription === null ? [] : describeVoices(transcription, names);
    return voices.find((described) => described.voice === voice) ?? null;
  };

  router.get('/samples/:token', async (request, response) => {
    const sample = await verifySample(request.params.token, secret, clock.nowMs());
    if (sample === null) return sendExpired(response);
    response
      .set('Content-Security-Policy', SAMPLE_PAGE_POLICY)
      .type('html')
      .send(samplePage(`${request.params.token}/media`, sample, await speakerOf(sample)));
  });

  router.get('/samples/:token/media', async (request, response) => {
    const sample = await verifySample(request.params.token, secret, clock.nowMs());
    if (sample === null) return sendExpired(response);
    const conversation = await store.transact((tx) => tx.conversation(sample.conversationId));
    if (conversation?.kind !== 'recording') return sendExpired(response);
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    try {
      const { workspaceId } = conversation.thread;
      const media = await open(conversation.source, workspaceId, request.headers.range ?? null, abort.signal);
      response.status(media.status).set('Content-Security-Policy', 'sandbox');
      for (const name of FORWARDED_HEADERS) if (media.headers[name]) response.set(name, media.headers[name]);
      await pipeline(Readable.from(media.bytes), response);
    } catch (error) {
      if (abort.signal.aborted) return;
      const appError = toAppError(error);
      logFailure(log, appError, {}, 'a voice clip could not be played', 'warn');
      if (!response.headersSent) response.status(502).type('text').send(appError.userMessage);
      else response.destroy();
    }
  });

  const open = async (
    source: RecordingSource,
    workspaceId: WorkspaceId,
    range: string | null,
    signal: AbortSignal,
  ) => {
    switch (source.type) {
      case 'chat-file':
        return chat.openFileRange(workspaceId, source.fileId, range, signal);
      case 'link':
        return { status: 200, headers: {}, bytes: (await links.open(source.url, { signal })).bytes };
    }
  };

  return router;
};

const sendExpired = (response: Response): void => sendSentence(response, 403, CLIP_LINK_EXPIRED);
