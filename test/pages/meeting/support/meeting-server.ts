import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../../src/clock.ts';
import type { MemberId } from '../../../../src/core/ids.ts';
import type { MeetingLine, MeetingParty } from '../../../../src/core/meeting/lines.ts';
import { createFrameClock } from '../../../../src/media/phones/frame-clock.ts';
import { CHANNEL_SERVER_OPTIONS } from '../../../../src/media/request-channel.ts';
import { createResumeTokens } from '../../../../src/media/resume-tokens.ts';
import { Meeting } from '../../../../src/media/signalling/meeting.ts';
import type { Caption, IceServer } from '../../../../src/media/signalling/messages.ts';
import { serveSession } from '../../../../src/media/signalling/session.ts';
import type { Workers } from '../../../../src/media/workers.ts';
import { buildMeetingPage } from '../../../../src/pages/build.ts';
import type { MeetingInfo } from '../../../../src/pages/meeting/state/state.ts';
import { browserOf } from '../../../../src/web/meetings/browser.ts';
import { monotonic, silentLog } from '../../../media/support.ts';

/** A person with a link: `/meet/maya` is Maya's. */
export interface Guest {
  readonly name: string;
  readonly host?: boolean;
}

/** As strict as the real server. */
const HEADERS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
  'Permissions-Policy': 'camera=(self), microphone=(self), display-capture=(self), speaker-selection=(self)',
};

/**
 * One meeting with real media and signalling behind the built page. Captions come from `sendCaption`; packets that would
 * go to a speech engine are counted by party in `audioPackets`.
 */
export const startMeetingServer = async (options: {
  readonly workers: Workers;
  readonly guests: Readonly<Record<string, Guest>>;
  readonly title?: string;
  /** What the server says of the link besides. */
  readonly info?: Partial<MeetingInfo>;
  readonly iceServers?: () => readonly IceServer[];
}) => {
  const { workers, guests, title = 'Weekly stand-up' } = options;
  const pageDir = await buildMeetingPage({ log: silentLog });
  const index = await readFile(`${pageDir}/meeting.html`, 'utf8');
  const startedMs = monotonic.nowMs();
  const nowMs = (): number => monotonic.nowMs() - startedMs;
  const audioPackets = new Map<number, number>();
  const lines: MeetingLine[] = [];
  const parties: MeetingParty[] = [];
  const sockets = new Map<string, Set<{ terminate(): void }>>();
  let closed: string | null = null;
  /** Tokens whose channels are refused. */
  const blocked = new Set<string>();

  const meeting = await Meeting.create({
    room: {
      title,
      captionsOn: true,
      captionsStopped: null,
      mayAddPhone: false,
      parties: [],
      removed: [],
      nowMs,
      // In small responses, so that a page has to request more than once.
      transcript: (since) => ({
        lines: lines.slice(since, since + 3),
        last: Math.min(lines.length, since + 3),
        more: lines.length > since + 3,
        parties,
      }),
      openAudioSink: () => ({ write() {}, pause() {}, close() {} }),
      on: {
        joined(_, party, { personId, name }) {
          parties[party] = { personId, name };
        },
        left: () => {},
        removed: () => {},
        captionsSwitched: () => {},
        phoneRequested: async () => null,
        hangUpRequested: () => {},
        ended: (by) => {
          const host = parties.find(({ personId }) => personId === by);
          closed = `${host?.name} ended this meeting.`;
        },
      },
    },
    workers,
    resumeTokens: createResumeTokens({ secret: new Uint8Array(32), meeting: 'm' }),
    iceServers: options.iceServers ?? (() => []),
    pipeAudio: ({ partyIndex }) => ({
      packet: () => void audioPackets.set(partyIndex, (audioPackets.get(partyIndex) ?? 0) + 1),
      paused: () => {},
      closed: () => {},
    }),
    frameClock: createFrameClock(nowMs),
    clock: systemClock,
    log: silentLog,
    closed: () => {},
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
    response.json({
      kind: 'meeting',
      capture: { kind: 'meeting', recording: { name: 'none' }, captioned: true, kept: false },
      title,
      name: guest.name,
      host: guest.host ?? false,
      threadUrl: null,
      startedAtMs: Date.now(),
      closed,
      ...options.info,
    });
  });
  const server = createServer(app);
  const channelServer = new WebSocketServer({ noServer: true, ...CHANNEL_SERVER_OPTIONS });
  server.on('upgrade', (request, socket, head) => {
    const token = /^\/meet\/([^/]+)\/socket$/.exec(request.url ?? '')?.[1] ?? '';
    const guest = guests[token];
    if (guest === undefined || closed !== null || blocked.has(token)) {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    channelServer.handleUpgrade(request, socket, head, (ws) => {
      const open = sockets.get(token) ?? new Set();
      sockets.set(token, open.add(ws));
      ws.once('close', () => open.delete(ws));
      serveSession({
        ws,
        visitor: {
          person: { personId: token as MemberId, name: guest.name, host: guest.host ?? false },
          browser: browserOf(request),
          mustResume: false,
        },
        meeting,
        clock: systemClock,
        log: silentLog,
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    meeting,
    audioPackets,
    urlOf: (token: string): string => `http://127.0.0.1:${port}/meet/${token}`,
    partyOf(name: string): number {
      const party = parties.findIndex((each) => each?.name === name);
      if (party === -1) throw new Error(`${name} has not joined`);
      return party;
    },
    /** Sends a caption; a final also goes to the transcript. */
    sendCaption(caption: Pick<Caption, 'partyIndex' | 'id' | 'text'> & Partial<Caption>): void {
      const whole: Caption = {
        committed: caption.isFinal === false ? 0 : caption.text.length,
        startMs: nowMs(),
        endMs: nowMs() + 1_000,
        isFinal: true,
        ...caption,
      };
      if (whole.isFinal) {
        const { partyIndex: party, id, text, startMs, endMs } = whole;
        lines.push({ number: lines.length + 1, party, id, text, startMs, endMs, words: [] });
      }
      meeting.sendCaption(whole);
    },
    /** Cuts a person's channel without a closing handshake. */
    cut(token: string): void {
      for (const ws of sockets.get(token) ?? []) ws.terminate();
    },
    /** Gives up a person's place, as after half a minute without a channel. */
    forget(name: string): void {
      for (const participant of meeting.roster.participants.values()) {
        if (participant.person.name === name) meeting.leave(participant);
      }
    },
    /** Cuts it, and refuses others until the returned function is called. */
    block(token: string): () => void {
      blocked.add(token);
      this.cut(token);
      return () => void blocked.delete(token);
    },
    async close(): Promise<void> {
      meeting.close();
      for (const ws of channelServer.clients) ws.terminate();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
};
