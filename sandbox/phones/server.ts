import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';
import { createGuardedUrls } from '../common/addresses.ts';
import { createGuard, isOwn } from '../common/control/guard.ts';
import { createFailures } from '../common/failures.ts';
import { createClipLibrary } from './audio/clip-library.ts';
import { createRecordings } from './call/recordings.ts';
import type { PhoneFault } from './control/contract.ts';
import { createControlRouter } from './control/router.ts';
import { createControlSockets } from './control/sockets.ts';
import { PHONE_FAILURES } from './failures.ts';
import { createHandsets } from './handset/handsets.ts';
import type { Network } from './network.ts';
import { PACE, type PhonesOptions } from './options.ts';
import { createRestRouter } from './rest/router.ts';
import { SEEDED_PHONES } from './seeded-phones.ts';
import { createWebhooks } from './webhooks.ts';

/** Recordings that telephones may say, listed as samples are. */
const VOICES_DIR = fileURLToPath(new URL('./voices', import.meta.url));
const REMEMBERED_FAULTS = 200;

export interface Phones {
  /** The base of the REST interface, in place of `https://api.twilio.com`. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Parley's. */
  readonly number: string;
  /**
   * `/control/phones`, to be mounted on the workspace's address behind a guard of its own. It is served on `url` as
   * well, guarded.
   */
  readonly control: RequestHandler;
  /** Takes WebSockets below `/control/phones`; false when there is none at the address. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  /** Ends every call without telling anybody. Idempotent. */
  close(): Promise<void>;
}

/** Starts a telephone network that speaks Twilio: REST, webhooks, TwiML, Media Streams, and telephones to talk into. */
export const startPhones = async (options: PhonesOptions): Promise<Phones> => {
  const { accountSid, authToken, parleyNumber, log } = options;
  const pace = { ...PACE, ...options.pace };
  const failures = options.failures ?? createFailures(PHONE_FAILURES);
  const faults: PhoneFault[] = [];
  const ending = new AbortController();
  let url = '';
  const sockets = createControlSockets(() => network);
  const network: Network = {
    account: options,
    url: () => url,
    pace,
    failures,
    handsets: createHandsets(options.phones ?? SEEDED_PHONES),
    calls: new Map(),
    recordings: createRecordings(() => network),
    webhooks: createWebhooks({ authToken, timeoutMs: pace.webhookTimeoutMs, failures, log }),
    library: createClipLibrary([VOICES_DIR, options.samplesDir ?? null]),
    closing: ending.signal,
    changed: sockets.changed,
    fault: (fault) => {
      faults.push({ atMs: Date.now(), ...fault });
      if (faults.length > REMEMBERED_FAULTS) faults.shift();
      log.warn({ code: fault.code, callSid: fault.callSid }, 'phones: the customer made a mistake');
    },
    log,
  };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const server = createServer(app);
  const ownUrls = createGuardedUrls(server, () => url);
  const control = createControlRouter(network, () => faults);
  app.use('/2010-04-01', createRestRouter(network));
  app.use('/control/phones', createGuard(ownUrls), control);
  server.on('upgrade', (request, socket, head) => {
    if (isOwn(request, ownUrls) && sockets.upgrade(request, socket, head)) return;
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  url = ownUrls()[0]!;

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    network.webhooks.close();
    ending.abort();
    for (const call of network.calls.values()) call.stop('completed');
    network.recordings.close();
    sockets.close();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await Promise.all([closed, network.library.close()]);
  };
  return {
    url,
    accountSid,
    authToken,
    number: parleyNumber,
    control,
    upgrade: sockets.upgrade,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};
