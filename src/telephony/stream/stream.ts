import { type RawData, WebSocket } from 'ws';
import type { LegAudioInput, Log, PhoneEvents } from '../../core/ports.ts';
import { parseStreamMessage, type StreamOrder, type StreamStart } from './messages.ts';
import { createPlayout, type Playout } from './playout.ts';
import type { StreamPass } from './token.ts';

/** Sound that came before the flows had a place for it: five seconds. */
const MOST_WAITING = 250;
/** So much more sound than time has passed is no telephone. A line that stalled catches up within this. */
const TOO_FAST_MS = 10_000;
/** After its place was taken away, a socket has this long to close in order. */
const CLOSE_WITHIN_MS = 2_000;

const NORMAL = 1000;
const NOT_ALLOWED = 1008;
const OUR_FAULT = 1011;

export interface StreamParts {
  readonly calls: Pick<PhoneEvents, 'connect'>;
  /** Who it is, by what its start says; null when it is not let in. */
  readonly admit: (start: StreamStart) => Promise<StreamPass | null>;
  /** How long it may wait to say who it is. */
  readonly startWithinMs: number;
  readonly monotonicMs: () => number;
  /** The sound of a telephone that was let in is over. */
  readonly ended: (pass: StreamPass) => void;
  readonly log: Log;
}

/** One telephone's sound, from its socket's opening to its end. What comes back tells how it goes, also afterwards. */
export const serveStream = (ws: WebSocket, parts: StreamParts): Pick<Playout, 'figures'> => {
  const { calls, monotonicMs, log } = parts;
  let streamSid: string | null = null;
  let pass: StreamPass | null = null;
  let ear: LegAudioInput | null = null;
  let ended = false;
  let heardMs = 0;
  const openedAtMs = monotonicMs();
  const waiting: ((ear: LegAudioInput) => void)[] = [];

  const end = (code: number, why: string, how: 'ended' | 'broken' = 'ended'): void => {
    if (ended) return;
    ended = true;
    clearTimeout(starting);
    ws.close(code);
    const closing = setTimeout(() => ws.terminate(), CLOSE_WITHIN_MS);
    ws.once('close', () => clearTimeout(closing));
    waiting.length = 0;
    ear?.closed(how);
    ear = null;
    log.info(
      { why, legId: pass?.legId, heardMs, ...playout.figures },
      'telephony: the sound of a telephone ended',
    );
    if (pass !== null) parts.ended(pass);
  };
  const starting = setTimeout(() => end(NOT_ALLOWED, 'no start'), parts.startWithinMs);

  const send = (order: StreamOrder): void => {
    if (streamSid === null || ws.readyState !== WebSocket.OPEN) return;
    ws.send(JSON.stringify({ ...order, streamSid }), ignore);
  };
  const playout = createPlayout({ send, unsentBytes: () => ws.bufferedAmount, monotonicMs });

  const deliver = (what: (ear: LegAudioInput) => void): void => {
    if (ear !== null) what(ear);
    else if (pass !== null && waiting.length < MOST_WAITING) waiting.push(what);
  };

  const start = async (message: StreamStart): Promise<void> => {
    const admitted = await parts.admit(message);
    if (ended) return;
    if (admitted === null) return end(NOT_ALLOWED, 'not admitted');
    clearTimeout(starting);
    pass = admitted;
    const place = await calls.connect(pass.legId, pass.callId, {
      play(mulaw) {
        if (!ended) playout.play(mulaw);
      },
      removed: () => end(NORMAL, 'removed'),
    });
    // What it was to be told, it may have been told before it was there.
    if (ended) return place?.closed('ended');
    if (place === null) return end(NORMAL, 'no place');
    ear = place;
    for (const what of waiting.splice(0)) what(ear);
  };

  const hear = (text: string) => {
    const message = parseStreamMessage(text);
    if (message === null) return end(NOT_ALLOWED, 'not understood');
    if (message === 'unknown') return;
    switch (message.event) {
      case 'start':
        if (streamSid !== null) return end(NOT_ALLOWED, 'a second start');
        streamSid = message.streamSid;
        start(message).catch((error: unknown) => {
          log.error({ err: error, legId: pass?.legId }, 'telephony: a telephone could not be connected');
          end(OUR_FAULT, 'failed');
        });
        return;
      case 'media': {
        if (streamSid === null) return end(NOT_ALLOWED, 'sound before its start');
        if (message.media.track !== 'inbound') return;
        const mulaw = Buffer.from(message.media.payload, 'base64');
        const atMs = message.media.timestamp;
        heardMs += mulaw.length / 8;
        if (heardMs > monotonicMs() - openedAtMs + TOO_FAST_MS) return end(NOT_ALLOWED, 'too much sound');
        return deliver((to) => to.audio(mulaw, atMs));
      }
      case 'dtmf':
        return deliver((to) => to.key(message.dtmf.digit));
      case 'mark':
        return playout.marked(message.mark.name);
      case 'stop':
        return end(NORMAL, 'stopped');
    }
  };

  ws.on('message', (data: RawData, isBinary) => {
    if (!ended && !isBinary) hear((data as Buffer).toString());
  });
  // What follows an error is always its close.
  ws.on('error', () => ws.terminate());
  // The network says so before it ends a stream.
  ws.on('close', () => end(NORMAL, 'closed', 'broken'));
  return playout;
};

/** Whoever sends learns of a dead socket by its end. */
const ignore = (): void => {};
