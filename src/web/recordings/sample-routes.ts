import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import type { RecordingSource } from '../../core/conversation/types.ts';
import { toAppError } from '../../core/error.ts';
import type { Chat, Links, Log, Store, WallClock } from '../../core/ports.ts';
import { answerWithSentence } from '../sentence.ts';
import { samplePage } from './sample-page.ts';
import { verifySample } from './sample-token.ts';

/** What of the file server's answer a browser needs in order to seek; everything else stays here. */
const PASSED_ON = ['content-type', 'content-length', 'content-range', 'accept-ranges'];

/**
 * Plays a stretch of a recording in the browser: a small page, and the recording itself passed through in the
 * ranges that the browser asks for. Nothing is cut or decoded here.
 */
export const createSampleRoutes = (parts: {
  store: Store;
  chat: Chat;
  links: Links;
  secret: Uint8Array;
  clock: WallClock;
  log: Log;
}): Router => {
  const { store, chat, links, secret, clock, log } = parts;
  const router = Router();

  router.get('/samples/:token', async (request, response) => {
    const sample = await verifySample(request.params.token, secret, clock.nowMs());
    if (sample === null) return expired(response);
    response
      .set('Content-Security-Policy', "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'")
      .type('html')
      .send(samplePage(`${request.params.token}/media`, sample));
  });

  router.get('/samples/:token/media', async (request, response) => {
    const sample = await verifySample(request.params.token, secret, clock.nowMs());
    if (sample === null) return expired(response);
    const conversation = await store.transact((tx) => tx.conversation(sample.conversationId));
    if (conversation?.kind !== 'recording') return expired(response);
    const abort = new AbortController();
    response.on('close', () => abort.abort());
    try {
      const { workspaceId } = conversation.thread;
      const media = await open(conversation.source, workspaceId, request.headers.range ?? null, abort.signal);
      response.status(media.status).set('Content-Security-Policy', 'sandbox');
      for (const name of PASSED_ON) if (media.headers[name]) response.set(name, media.headers[name]);
      await pipeline(Readable.from(media.bytes), response);
    } catch (error) {
      if (abort.signal.aborted) return;
      const fault = toAppError(error);
      log.warn({ err: fault }, 'sample could not be played');
      if (!response.headersSent) response.status(502).type('text').send(fault.userMessage);
      else response.destroy();
    }
  });

  type Workspace = Parameters<Chat['openFileRange']>[0];
  const open = async (
    source: RecordingSource,
    workspaceId: Workspace,
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

const expired = (response: Response): void =>
  answerWithSentence(
    response,
    403,
    'This link is no longer valid. Open “Name speakers” again in Slack to get a new one.',
  );
