import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { parseLiveQuery } from '../../live-query.ts';
import { badRequest, invalidKey, ListenError } from '../http/errors.ts';
import { isEnglish, NOT_ENGLISH } from '../http/query.ts';
import { LiveSession, type LiveSessionParts } from './session.ts';

/** A second at 48 kHz takes 96 kB; clients send a tenth of that at a time. */
const mostMessageBytes = 2 * 1024 * 1024;

/** The live WebSocket `/v1/listen`. */
export const createLiveSockets = (parts: LiveSessionParts) => {
  const sessions = new Set<LiveSession>();
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: mostMessageBytes,
    // Browsers send the key as a second subprotocol and expect the first one back.
    handleProtocols: (protocols) => (protocols.has('token') ? 'token' : false),
  });

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const requestId = randomUUID();
    try {
      const url = new URL(request.url ?? '/', 'http://engine');
      if (url.pathname !== '/v1/listen') throw new ListenError(404, 'NOT_FOUND', 'No such stream.');
      if (!parts.hasKey(request)) throw invalidKey();
      const parsed = parseLiveQuery(url.searchParams);
      if ('problem' in parsed) throw badRequest(parsed.problem);
      const { query } = parsed;
      if (!isEnglish(query.language)) throw badRequest(NOT_ENGLISH);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const session = new LiveSession(webSocket, query, requestId, parts);
        sessions.add(session);
        webSocket.on('close', () => sessions.delete(session));
      });
    } catch (thrown) {
      const error = thrown instanceof ListenError ? thrown : badRequest('malformed address');
      refuse(socket, error, requestId);
    }
  };

  const close = (): void => {
    for (const session of sessions) session.abandon();
    server.close();
  };
  return { upgrade, close };
};

const refuse = (socket: Duplex, error: ListenError, requestId: string): void => {
  const body = JSON.stringify({ err_code: error.code, err_msg: error.message, request_id: requestId });
  socket.on('error', () => socket.destroy());
  socket.end(
    [
      `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status]}`,
      'content-type: application/json',
      `content-length: ${Buffer.byteLength(body)}`,
      `dg-request-id: ${requestId}`,
      `dg-error: ${error.message}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};
