import { type RawData, WebSocket } from 'ws';
import type { Clock, LegAudioInput, Log, PhoneEvents } from '../../core/ports.ts';
import { parseStreamMessage, type StreamMedia, type StreamOrder, type StreamStart } from './messages.ts';
import { createOutboundAudio, type OutboundAudio } from './outbound-audio.ts';
import type { StreamPass } from './pass.ts';
import { createSoundClock } from './sound-clock.ts';

/** Messages kept while the flows admit the phone: five seconds of audio. */
const MAX_PENDING = 250;
/** Audio may be this far ahead of the time that has passed, which allows for a stalled network to catch up. */
const MAX_AHEAD_MS = 10_000;
/** A socket that does not close in order within this is terminated. */
const CLOSE_TIMEOUT_MS = 2_000;

const NORMAL = 1000;
const NOT_ALLOWED = 1008;
const INTERNAL_ERROR = 1011;

export interface StreamParts {
  readonly events: Pick<PhoneEvents, 'connect'>;
  /** Null when the start message does not identify a leg that may connect. */
  readonly admit: (start: StreamStart) => Promise<StreamPass | null>;
  readonly startTimeoutMs: number;
  /** The audio of an admitted leg has ended. */
  readonly onEnd: (pass: StreamPass) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Serves one leg's audio until its socket closes. The figures stay readable afterwards. */
export const serveStream = (ws: WebSocket, parts: StreamParts): Pick<OutboundAudio, 'figures'> => {
  const { events, clock, log } = parts;
  let streamSid: string | null = null;
  let pass: StreamPass | null = null;
  let input: LegAudioInput | null = null;
  let ended = false;
  let receivedMs = 0;
  const openedAtMs = clock.monotonicMs();
  const sound = createSoundClock();
  const pending: ((input: LegAudioInput) => void)[] = [];

  const end = (code: number, reason: string, how: 'ended' | 'broken' = 'ended'): void => {
    if (ended) return;
    ended = true;
    cancelStart();
    ws.close(code);
    const cancelClose = clock.after(CLOSE_TIMEOUT_MS, () => ws.terminate());
    ws.once('close', cancelClose);
    pending.length = 0;
    input?.closed(how);
    input = null;
    log.info({ reason, legId: pass?.legId, receivedMs, ...outbound.figures }, 'telephony: leg audio ended');
    if (pass !== null) parts.onEnd(pass);
  };
  const cancelStart = clock.after(parts.startTimeoutMs, () => end(NOT_ALLOWED, 'no start'));

  const send = (order: StreamOrder): void => {
    if (streamSid === null || ws.readyState !== WebSocket.OPEN) return;
    ws.send(JSON.stringify({ ...order, streamSid }), ignore);
  };
  const outbound = createOutboundAudio({
    send,
    unsentBytes: () => ws.bufferedAmount,
    monotonicMs: () => clock.monotonicMs(),
  });

  const deliver = (message: (input: LegAudioInput) => void): void => {
    if (input !== null) message(input);
    else if (pass !== null && pending.length < MAX_PENDING) pending.push(message);
  };

  const start = async (message: StreamStart): Promise<void> => {
    const admitted = await parts.admit(message);
    if (ended) return;
    if (admitted === null) return end(NOT_ALLOWED, 'not admitted');
    cancelStart();
    pass = admitted;
    const accepted = await events.connect(pass.legId, pass.callId, {
      play(mulaw) {
        if (!ended) outbound.play(mulaw);
      },
      removed: () => end(NORMAL, 'removed'),
    });
    if (ended) return accepted?.closed('ended');
    if (accepted === null) return end(NORMAL, 'not accepted');
    input = accepted;
    for (const deliverTo of pending.splice(0)) deliverTo(input);
  };

  const receiveAudio = ({ payload, chunk, timestamp }: StreamMedia) => {
    const mulaw = Buffer.from(payload, 'base64');
    const lengthMs = mulaw.length / 8;
    receivedMs += lengthMs;
    if (receivedMs > clock.monotonicMs() - openedAtMs + MAX_AHEAD_MS) {
      return end(NOT_ALLOWED, 'audio faster than time');
    }
    const atMs = sound.place({ chunk, stampMs: timestamp, lengthMs });
    if (atMs !== null) deliver((to) => to.audio(mulaw, atMs));
  };

  const receive = (text: string) => {
    const message = parseStreamMessage(text);
    if (message === null) return end(NOT_ALLOWED, 'not valid');
    if (message === 'unknown') return;
    switch (message.event) {
      case 'start':
        if (streamSid !== null) return end(NOT_ALLOWED, 'a second start');
        streamSid = message.streamSid;
        start(message).catch((error: unknown) => {
          log.error({ err: error, legId: pass?.legId }, 'telephony: a leg could not be connected');
          end(INTERNAL_ERROR, 'failed');
        });
        return;
      case 'media':
        if (streamSid === null) return end(NOT_ALLOWED, 'audio before the start');
        return message.media.track === 'inbound' ? receiveAudio(message.media) : undefined;
      case 'dtmf':
        return deliver((to) => to.key(message.dtmf.digit));
      case 'mark':
        return outbound.markReturned(message.mark.name);
      case 'stop':
        return end(NORMAL, 'stopped');
    }
  };

  ws.on('message', (data: RawData, isBinary) => {
    if (!ended && !isBinary) receive((data as Buffer).toString());
  });
  // An error is always followed by a close.
  ws.on('error', () => ws.terminate());
  // The network sends a stop before it ends a stream in order.
  ws.on('close', () => end(NORMAL, 'closed', 'broken'));
  return outbound;
};

/** A dead socket is noticed by its close. */
const ignore = (): void => {};
