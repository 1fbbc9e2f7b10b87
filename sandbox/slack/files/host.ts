import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { z } from 'zod';
import type { FileRecord } from '../types.ts';
import type { Workspace } from '../workspace.ts';
import { sendFile } from './download.ts';

const Query = z.object({ expires: z.string().catch(''), signature: z.string().catch('') });

/** How long a presigned address works. */
const VALID_FOR_MS = 60_000;

/**
 * Where downloads end: at Slack a storage network outside its own hosts, here another port. Its addresses are signed, and
 * a request that brings a second authorization is refused, as a store that takes presigned addresses does.
 */
export interface FileHost {
  /** Follows the address of the workspace. */
  listen(host: string): Promise<void>;
  /** The presigned address of a file. */
  addressOf(file: FileRecord): string;
  close(): Promise<void>;
}

export const createFileHost = (workspace: () => Workspace): FileHost => {
  const secret = randomBytes(32);
  const signatureOf = (id: string, expiresMs: string): Buffer =>
    createHmac('sha256', secret).update(`${id} ${expiresMs}`).digest();
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get('/files-origin/:id/:name', async (request, response) => {
    const { store, nowMs } = workspace();
    const { expires, signature } = Query.parse(request.query);
    if (request.headers.authorization !== undefined) {
      response.status(400).type('text/xml').send('<Error><Code>InvalidArgument</Code></Error>');
      return;
    }
    const given = Buffer.from(signature, 'hex');
    const right = signatureOf(request.params.id, expires);
    const isSigned = given.length === right.length && timingSafeEqual(given, right);
    const file = store.files.get(request.params.id);
    if (!isSigned || Number(expires) < nowMs()) {
      response.status(403).type('text/xml').send('<Error><Code>AccessDenied</Code></Error>');
    } else if (file === null || file.state === 'deleted') {
      response.status(404).type('text/xml').send('<Error><Code>NoSuchKey</Code></Error>');
    } else {
      await sendFile(workspace(), file, request, response);
    }
  });
  const server = createServer(app);
  let url = '';
  return {
    listen: (host) =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, host, () => {
          server.removeListener('error', reject);
          const { port } = server.address() as AddressInfo;
          const { hostname } = new URL(workspace().url());
          url = `http://${hostname}:${port}`;
          resolve();
        });
      }),
    addressOf(file) {
      const expires = String(Math.ceil(workspace().nowMs()) + VALID_FOR_MS);
      const signature = signatureOf(file.id, expires).toString('hex');
      const path = `/files-origin/${file.id}/${encodeURIComponent(file.name)}`;
      return `${url}${path}?expires=${expires}&signature=${signature}`;
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
