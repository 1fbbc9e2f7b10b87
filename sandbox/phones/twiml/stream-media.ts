import { type RawData, WebSocket } from 'ws';
import { z } from 'zod';
import { createPlayoutBuffer } from '../audio/playout-buffer.ts';
import type { TwimlCall } from '../live-call.ts';
import { createMediaStamps } from './media-stamps.ts';

/** What the customer may send over a bidirectional stream. */
const customerMessage = z.discriminatedUnion('event', [
  z.object({ event: z.literal('media'), streamSid: z.string(), media: z.object({ payload: z.base64() }) }),
  z.object({ event: z.literal('mark'), streamSid: z.string(), mark: z.object({ name: z.string() }) }),
  z.object({ event: z.literal('clear'), streamSid: z.string() }),
]);

/** Audio, keys and marks over an open socket. The call must be answered. */
export const openStreamMedia = (
  call: TwimlCall,
  socket: WebSocket,
  options: {
    accountSid: string;
    streamSid: string;
    parameters: Readonly<Record<string, string>>;
    /** Every tenth frame is lost on its way. */
    losesFrames: boolean;
    onInvalidMessage: () => void;
  },
): { sendStop(): void; close(): void } => {
  const audio = call.audio!;
  const callSid = call.record.sid;
  const { accountSid, streamSid } = options;
  const playout = createPlayoutBuffer();
  let sequence = 0;
  const stamp = createMediaStamps(Number.parseInt(streamSid.slice(-6), 16));
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
      customParameters: options.parameters,
    },
  });
  const stopListening = audio.onFrame(({ sent }) => {
    const stamped = stamp(sent);
    if (stamped === null || (options.losesFrames && stamped.chunk % 10 === 0)) return;
    send('media', {
      media: {
        track: 'inbound',
        chunk: String(stamped.chunk),
        timestamp: String(stamped.timestampMs),
        payload: Buffer.from(sent).toString('base64'),
      },
    });
  });
  audio.play(() => playout.take());
  call.onKey((digit) => send('dtmf', { dtmf: { track: 'inbound_track', digit } }));
  call.setConnected(true);
  socket.on('message', (data, isBinary) => {
    const message = isBinary ? null : parseMessage(data);
    if (message === null || message.streamSid !== streamSid) {
      options.onInvalidMessage();
    } else if (message.event === 'media') {
      playout.push(Buffer.from(message.media.payload, 'base64'));
    } else if (message.event === 'mark') {
      const { name } = message.mark;
      playout.mark(() => send('mark', { mark: { name } }));
    } else {
      playout.clear();
    }
  });
  return {
    sendStop: () => send('stop', { stop: { accountSid, callSid } }),
    close: () => {
      if (closed) return;
      closed = true;
      stopListening();
      audio.play(null);
      call.onKey(null);
      call.setConnected(false);
    },
  };
};

const parseMessage = (data: RawData): z.infer<typeof customerMessage> | null => {
  try {
    return customerMessage.parse(JSON.parse((data as Buffer).toString()));
  } catch {
    return null;
  }
};
