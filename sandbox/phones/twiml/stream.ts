import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { createPlayoutBuffer } from '../audio/playout-buffer.ts';
import type { Call } from '../call/call.ts';
import { newSid } from '../ids.ts';
import type { Network } from '../network.ts';
import { signatureOf } from '../signature.ts';
import type { ConnectVerb } from './parse.ts';

/** What the other side may send over a bidirectional stream. */
const fromCustomer = z.discriminatedUnion('event', [
  z.object({ event: z.literal('media'), streamSid: z.string(), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), streamSid: z.string(), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('clear'), streamSid: z.string() }),
]);

const HANDSHAKE_MS = 10_000;
const BREAKS_AFTER_MS = 2000;

/**
 * Connects a telephone's sound with a WebSocket, both ways, until either side ends it or it is aborted: the telephone is
 * free for something else then, though the socket may take a while to close. Never rejects: a stream that cannot be
 * opened is a fault, and the document goes on.
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
export const connectStream = async (
  network: Network,
  call: Call,
  stream: ConnectVerb['stream'],
  signal: AbortSignal,
): Promise<void> => {
  const streamSid = newSid('MZ');
  const tell = streamTeller(network, call, stream, streamSid);
  const socket = new WebSocket(stream.url, {
    headers: { 'x-twilio-signature': signatureOf(network.account.authToken, stream.url) },
    handshakeTimeout: HANDSHAKE_MS,
    perMessageDeflate: false,
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', (error) => {
    if (signal.aborted) return;
    network.fault({ callSid: call.record.sid, code: 31_920, message: `Stream: ${error.message}` });
    tell('stream-error', { StreamError: 'WebSocket handshake error' });
  });
  const abandon = (): void => {
    if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
  };
  const cut = (): void => socket.terminate();
  signal.addEventListener('abort', abandon);
  network.closing.addEventListener('abort', cut);
  socket.once('open', () => {
    if (signal.aborted) return socket.terminate();
    const flow = startFlow(network, call, { socket, stream, streamSid });
    tell('stream-started');
    const stop = (): void => {
      flow.sendStop();
      flow.close();
      socket.close(1000);
    };
    signal.addEventListener('abort', stop, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', stop);
      flow.close();
      tell('stream-stopped');
    });
  });
  void closed.then(() => {
    signal.removeEventListener('abort', abandon);
    network.closing.removeEventListener('abort', cut);
  });
  await Promise.race([closed, aborted(signal)]);
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

interface FlowParts {
  readonly socket: WebSocket;
  readonly stream: ConnectVerb['stream'];
  readonly streamSid: string;
}

/** Sound, keys and marks over an open socket. */
const startFlow = (
  network: Network,
  call: Call,
  { socket, stream, streamSid }: FlowParts,
): { sendStop(): void; close(): void } => {
  const line = call.audio!;
  const { accountSid } = network.account;
  const callSid = call.record.sid;
  const playout = createPlayoutBuffer();
  const startMs = line.positionMs;
  let sequence = 0;
  let chunk = 0;
  let closed = false;
  const send = (event: string, content: object): void => {
    if (socket.readyState !== WebSocket.OPEN) return;
    sequence += 1;
    socket.send(JSON.stringify({ event, sequenceNumber: String(sequence), ...content, streamSid }));
  };
  socket.send(JSON.stringify({ event: 'connected', protocol: 'Call', version: '1.0.0' }));
  send('start', {
    start: {
      accountSid,
      streamSid,
      callSid,
      tracks: ['inbound'],
      mediaFormat: { encoding: 'audio/x-mulaw', sampleRate: 8000, channels: 1 },
      customParameters: stream.parameters,
    },
  });
  const stopListening = line.onFrame(({ sent: said, atMs }) => {
    chunk += 1;
    send('media', {
      media: {
        track: 'inbound',
        chunk: String(chunk),
        timestamp: String(atMs - startMs),
        payload: Buffer.from(said).toString('base64'),
      },
    });
  });
  line.play(() => playout.take());
  call.takeKeys((digit) => send('dtmf', { dtmf: { track: 'inbound_track', digit } }));
  call.setConnected(true);
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? null : parse(data);
    if (message === null || message.streamSid !== streamSid) {
      network.fault({ callSid, code: 31_951, message: 'Stream: invalid message.' });
    } else if (message.event === 'media') {
      playout.push(Buffer.from(message.media.payload, 'base64'));
    } else if (message.event === 'mark') {
      const { name } = message.mark;
      playout.mark(() => send('mark', { mark: { name } }));
    } else {
      playout.clear();
    }
  });
  if (network.failures.shouldFail('phone-stream-breaks')) {
    void line.wait(BREAKS_AFTER_MS, call.signal).then(() => socket.terminate());
  }
  return {
    sendStop: () => send('stop', { stop: { accountSid, callSid } }),
    close: () => {
      if (closed) return;
      closed = true;
      stopListening();
      line.play(null);
      call.takeKeys(null);
      call.setConnected(false);
    },
  };
};

const parse = (data: RawData): z.infer<typeof fromCustomer> | null => {
  try {
    return fromCustomer.parse(JSON.parse((data as Buffer).toString()));
  } catch {
    return null;
  }
};

const streamTeller =
  (network: Network, call: Call, stream: ConnectVerb['stream'], streamSid: string) =>
  (event: string, more: Record<string, string> = {}): void => {
    if (stream.statusCallback === null) return;
    network.webhooks.send(call.record.sid, {
      url: stream.statusCallback,
      method: stream.statusCallbackMethod,
      parameters: {
        AccountSid: network.account.accountSid,
        CallSid: call.record.sid,
        StreamSid: streamSid,
        ...(stream.name === null ? {} : { StreamName: stream.name }),
        StreamEvent: event,
        Timestamp: new Date().toISOString(),
        ...more,
      },
    });
  };
