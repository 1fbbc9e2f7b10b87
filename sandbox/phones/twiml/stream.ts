import { WebSocket } from 'ws';
import type { Clock } from '../../../src/core/ports.ts';
import type { Failures } from '../../common/failures.ts';
import type { PhoneFailure } from '../failures.ts';
import type { ReportFault } from '../faults.ts';
import { newSid } from '../ids.ts';
import type { TwimlCall } from '../live-call.ts';
import { signatureOf } from '../signature.ts';
import type { Webhooks } from '../webhooks.ts';
import type { ConnectVerb } from './parse.ts';
import { openStreamMedia } from './stream-media.ts';

/**
 * Connects the audio of a phone with a WebSocket, both ways, until either side ends it or the signal is aborted. An
 * aborted call is free at once, though the socket may take a while to close. Never rejects: a stream that does not open
 * is a fault, and the document goes on.
 * @see https://www.twilio.com/docs/voice/media-streams/websocket-messages
 */
export type ConnectStream = (
  call: TwimlCall,
  stream: ConnectVerb['stream'],
  signal: AbortSignal,
) => Promise<void>;

const HANDSHAKE_MS = 10_000;

export const createStreamConnector = (options: {
  account: { readonly accountSid: string; readonly authToken: string };
  webhooks: Webhooks;
  failures: Failures<PhoneFailure>;
  reportFault: ReportFault;
  /** How long a stream lasts that breaks on purpose. */
  breakAfterMs: number;
  /** Aborted when the network closes: sockets are cut then. */
  closing: AbortSignal;
  clock: Clock;
}): ConnectStream => {
  const { account, webhooks, failures, reportFault, closing, clock } = options;
  return async (call, stream, signal) => {
    const streamSid = newSid('MZ');
    const callSid = call.record.sid;
    const notify = (event: string, more: Record<string, string> = {}): void => {
      if (stream.statusCallback === null) return;
      webhooks.send(callSid, {
        url: stream.statusCallback,
        method: stream.statusCallbackMethod,
        parameters: {
          AccountSid: account.accountSid,
          CallSid: callSid,
          StreamSid: streamSid,
          StreamName: stream.name ?? streamSid,
          StreamEvent: event,
          Timestamp: new Date(clock.nowMs()).toISOString(),
          ...more,
        },
      });
    };
    const fail = (code: number, message: string): void => {
      reportFault({ callSid, code, message: `Stream: ${message}` });
      notify('stream-error', { StreamError: message });
    };
    if (failures.shouldFail('phone-stream-fails')) return fail(31_901, 'WebSocket - Connection Timeout');
    if (failures.shouldFail('phone-stream-wss-only') && !isWssOn443(stream.url)) {
      return fail(31_922, 'WebSocket - URL Schema Not Supported');
    }
    const isSlashed = failures.shouldFail('phone-stream-signed-with-slash');
    const signedUrl = isSlashed ? `${stream.url}/` : stream.url;
    const socket = new WebSocket(stream.url, {
      headers: { 'x-twilio-signature': signatureOf(account.authToken, signedUrl) },
      handshakeTimeout: HANDSHAKE_MS,
      perMessageDeflate: false,
    });
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.on('error', (error) => {
      if (!signal.aborted) fail(31_920, `WebSocket - Handshake Error: ${error.message}`);
    });
    const abandon = (): void => {
      if (socket.readyState === WebSocket.CONNECTING) socket.terminate();
    };
    const cut = (): void => socket.terminate();
    signal.addEventListener('abort', abandon);
    closing.addEventListener('abort', cut);
    socket.once('open', () => {
      if (signal.aborted) return socket.terminate();
      const media = openStreamMedia(call, socket, {
        accountSid: account.accountSid,
        streamSid,
        parameters: stream.parameters,
        losesFrames: failures.shouldFail('phone-stream-loses-frames'),
        onInvalidMessage: () => reportFault({ callSid, code: 31_951, message: 'Stream: invalid message.' }),
      });
      if (failures.shouldFail('phone-stream-breaks')) {
        void call.audio!.wait(options.breakAfterMs, call.signal).then(cut);
      }
      notify('stream-started');
      const stop = (): void => {
        media.sendStop();
        media.close();
        socket.close(1000);
      };
      signal.addEventListener('abort', stop, { once: true });
      if (failures.shouldFail('phone-stream-ends')) {
        void call.audio!.wait(options.breakAfterMs, call.signal).then(stop);
      }
      socket.once('close', () => {
        signal.removeEventListener('abort', stop);
        media.close();
        notify('stream-stopped');
      });
    });
    void closed.then(() => {
      signal.removeEventListener('abort', abandon);
      closing.removeEventListener('abort', cut);
    });
    await Promise.race([closed, aborted(signal)]);
  };
};

const isWssOn443 = (url: string): boolean => {
  const { protocol, port } = new URL(url);
  return protocol === 'wss:' && port === '';
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
