import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WebSocketServer } from 'ws';
import { createFrameClock } from '../../../../src/media/phones/frame-clock.ts';
import { CHANNEL_SERVER_OPTIONS } from '../../../../src/media/signalling/channel.ts';
import { Meeting } from '../../../../src/media/signalling/meeting.ts';
import type { Caption, IceServer, Transcript } from '../../../../src/media/signalling/messages.ts';
import { serveSession } from '../../../../src/media/signalling/session.ts';
import type { Workers } from '../../../../src/media/workers.ts';
import { buildMeetingPage } from '../../../../src/pages/build.ts';
import { monotonic, silentLog } from '../../../media/support.ts';

/** Who may come in: the link `/meet/maya` is Maya's. */
export interface Guest {
  readonly name: string;
  readonly host?: boolean;
}

/** How the page is given to browsers: as strictly as it can be. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)',
};

/**
 * One meeting with the real media and signalling behind the built page. Speech is what a test says with `say`; what
 * would go to an engine is counted by party in `heardPackets`.
 */
export const startMeetingServer = async (options: {
  readonly workers: Workers;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly title?: string;
  readonly iceServers?: () => readonly IceServer[];
}) => {
  const { workers, guests, title = 'Weekly stand-up' } = options;
  const pageDir = await buildMeetingPage({ log: silentLog });
  const index = await readFile(`${pageDir}/index.html`, 'utf8');
  const startedMs = monotonic.nowMs();
  const nowMs = (): number => monotonic.nowMs() - startedMs;
  const heardPackets = new Map<number, number>();
  const lines: Transcript['lines'][number][] = [];
  const parties = new Map<number, string>();
  const sockets = new Map<string, Set<{ terminate(): void }>>();
  let closed: string | null = null;
  /** Who does not get through to the server at the moment. */
  const held = new Set<string>();

  const meeting = await Meeting.create({
    title,
    workers,
    log: silentLog,
    nowMs,
    captionsOn: true,
    frameClock: createFrameClock(nowMs),
    parts: {
      listen: ({ partyIndex }) => ({
        packet: () => void heardPackets.set(partyIndex, (heardPackets.get(partyIndex) ?? 0) + 1),
        paused: () => {},
        closed: () => {},
      }),
      // In small answers, so that a page has to ask more than once.
      transcript: (since) => ({
        lines: lines.slice(since, since + 3),
        last: Math.min(lines.length, since + 3),
        more: lines.length > since + 3,
        parties: [...parties].map(([partyIndex, name]) => ({ partyIndex, name })),
      }),
      iceServers: options.iceServers ?? (() => []),
      joined: ({ partyIndex, identity }) => void parties.set(partyIndex, identity.name),
      left: () => {},
      removed: () => {},
      captionsSwitched: () => {},
      phoneAsked: async () => null,
      hangUpAsked: () => {},
      ended: (by) => {
        closed = `${by.name} ended this meeting.`;
      },
    },
  });

  const app = express();
  app.use((_request, response, next) => {
    response.set(HEADERS);
    next();
  });
  app.use('/meeting-page', express.static(pageDir));
  app.get('/meet/:token', (_request, response) => void response.type('html').send(index));
  app.get('/meet/:token/info', ({ params: { token } }, response) => {
    const guest = guests[token];
    if (guest === undefined) {
      response.status(404).json({ closed: 'This link has expired. Ask for a new one in Slack.' });
      return;
    }
    response.json({ title, name: guest.name, host: guest.host ?? false, startedAtMs: Date.now(), closed });
  });
  const server = createServer(app);
  const lineServer = new WebSocketServer({ noServer: true, ...CHANNEL_SERVER_OPTIONS });
  server.on('upgrade', (request, socket, head) => {
    const token = /^\/meet\/([^/]+)\/socket$/.exec(request.url ?? '')?.[1] ?? '';
    const guest = guests[token];
    if (guest === undefined || closed !== null || held.has(token)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    lineServer.handleUpgrade(request, socket, head, (ws) => {
      const open = sockets.get(token) ?? new Set();
      sockets.set(token, open.add(ws));
      ws.once('close', () => open.delete(ws));
      serveSession({
        ws,
        identity: { personId: token, name: guest.name, host: guest.host ?? false },
        meeting,
        log: silentLog,
        nowMs: monotonic.nowMs,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    meeting,
    heardPackets,
    urlOf: (token: string): string => `http://127.0.0.1:${port}/meet/${token}`,
    partyOf(name: string): number {
      const [found] = [...parties].find(([, each]) => each === name) ?? [];
      if (found === undefined) throw new Error(`${name} was never here`);
      return found;
    },
    /** A caption as the engine would make it; finals also go to the transcript. */
    say(caption: Pick<Caption, 'partyIndex' | 'id' | 'text'> & Partial<Caption>): void {
      const whole: Caption = {
        committed: caption.isFinal === false ? 0 : caption.text.length,
        startMs: nowMs(),
        endMs: nowMs() + 1_000,
        isFinal: true,
        ...caption,
      };
      if (whole.isFinal) {
        const { partyIndex, id, text, startMs, endMs } = whole;
        lines.push({ partyIndex, id, text, startMs, endMs });
      }
      meeting.caption(whole);
    },
    /** Breaks somebody's line, as a network does: without a word. */
    cut(token: string): void {
      for (const ws of sockets.get(token) ?? []) ws.terminate();
    },
    /** Breaks it, and lets no other through until what is returned is called. */
    hold(token: string): () => void {
      held.add(token);
      this.cut(token);
      return () => void held.delete(token);
    },
    async close(): Promise<void> {
      meeting.close();
      for (const ws of lineServer.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
