import { createReadStream } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import type { Clock } from '../../../src/core/ports.ts';
import type { FileRecord } from '../types.ts';
import { hasScope } from '../web/scopes.ts';
import type { Workspace } from '../workspace.ts';

const SLOW_CHUNK = 64 * 1024;

/**
 * `GET /files-pri/T1-F1/[download/]name`: leads to the bytes on the file host, for a token that may read files; else to
 * Slack's login page.
 */
export const createDownloadHandler =
  (workspace: Workspace): RequestHandler<{ ids: string; name: string }> =>
  (request, response) => {
    const { failures } = workspace;
    if (failures.shouldFail('download-login-page')) {
      loginPage(response);
      return;
    }
    const token = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token !== workspace.tokens.bot || !hasScope(workspace, 'files:read')) {
      response.redirect(302, `${workspace.url()}/login?redir=${encodeURIComponent(request.path)}`);
      return;
    }
    const file = workspace.store.files.get(request.params.ids.split('-')[1] ?? '');
    if (file === null || file.state === 'deleted' || file.state === 'reserved') {
      response.status(404).type('text/html').send('<!DOCTYPE html><title>File not found</title>');
      return;
    }
    response.redirect(302, workspace.presignedUrl(file));
  };

export const loginPage = (response: Response): void => {
  response
    .status(200)
    .type('text/html')
    .send('<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in to continue.</body></html>');
};

/** Streams a file or the requested range. */
export const sendFile = async (
  workspace: Workspace,
  file: FileRecord,
  request: Request,
  response: Response,
): Promise<void> => {
  const asked = request.range(file.size);
  if (asked === -1) {
    response.status(416).set('content-range', `bytes */${file.size}`).end();
    return;
  }
  const range = Array.isArray(asked) && asked.type === 'bytes' && asked.length === 1 ? asked[0] : undefined;
  const start = range?.start ?? 0;
  const length = file.size === 0 ? 0 : (range?.end ?? file.size - 1) - start + 1;
  response.status(range === undefined ? 200 : 206);
  response.set({
    'content-type': file.mimetype || 'application/octet-stream',
    'content-length': String(length),
    'accept-ranges': 'bytes',
    'content-disposition': `inline; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'x-content-type-options': 'nosniff',
    ...(range === undefined ? {} : { 'content-range': `bytes ${range.start}-${range.end}/${file.size}` }),
  });
  if (request.method === 'HEAD' || length === 0) {
    response.end();
    return;
  }
  const source = createReadStream(workspace.store.files.path(file.id), { start, end: start + length - 1 });
  const faults = faultStreams(workspace, length);
  // A client that disconnects is not an error.
  await pipeline(source, ...faults, response).catch(() => response.destroy());
};

const faultStreams = ({ failures, clock }: Workspace, length: number): Transform[] => {
  if (failures.isOn('slow-downloads')) return [slowly(clock)];
  if (failures.shouldFail('truncated-downloads')) return [cutAfter(Math.floor(length / 2))];
  return [];
};

const slowly = (clock: Clock): Transform =>
  new Transform({
    transform: async function (chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length && !this.destroyed; at += SLOW_CHUNK) {
        const part = chunk.subarray(at, at + SLOW_CHUNK);
        await clock.sleep((part.length / SLOW_CHUNK) * 1000);
        this.push(part);
      }
      done();
    },
  });

const cutAfter = (length: number): Transform => {
  let left = length;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (chunk.length >= left) {
        done(new Error('truncated-downloads'));
        return;
      }
      left -= chunk.length;
      done(null, chunk);
    },
  });
};
