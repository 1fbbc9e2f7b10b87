import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import express, { type RequestHandler } from 'express';
import { systemClock } from '../../src/clock.ts';
import { createGuardedUrls } from '../common/addresses.ts';
import { createGuard, isOwn } from '../common/control/guard.ts';
import { createFailures } from '../common/failures.ts';
import { createClipLibrary } from './audio/clip-library.ts';
import { createCalls } from './call/calls.ts';
import { createMachineDetection } from './call/machine-detection.ts';
import { createRecordings } from './call/recordings.ts';
import { createStatusCallbacks } from './call/status-callbacks.ts';
import { createControlRouter } from './control/router.ts';
import { createControlSockets } from './control/sockets.ts';
import { phonesState } from './control/state.ts';
import { PHONE_FAILURES } from './failures.ts';
import { createFaultLog } from './faults.ts';
import { createBehaviours } from './handset/behaviour.ts';
import { createHandsets } from './handset/handsets.ts';
import { DEFAULT_TIMING, type PhonesOptions } from './options.ts';
import { createRestRouter } from './rest/router.ts';
import { SEEDED_PHONES } from './seeded-phones.ts';
import { TRIAL } from './trial.ts';
import { createDocumentFetcher } from './twiml/fetch-document.ts';
import { createTwimlRunner } from './twiml/run.ts';
import { createSpeaker } from './twiml/speak.ts';
import { createStreamConnector } from './twiml/stream.ts';
import { createWebhooks } from './webhooks.ts';

/** Clips that phones may say, listed as samples are. */
const VOICES_DIR = fileURLToPath(new URL('./voices', import.meta.url));

export interface Phones {
  /** The base of the REST API, in place of `https://api.twilio.com`. */
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
  /** Ends every call without a webhook. Idempotent. */
  close(): Promise<void>;
}

/** Starts a phone network with Twilio's interface: REST, webhooks, TwiML, Media Streams, and phones to talk into. */
export const startPhones = async (options: PhonesOptions): Promise<Phones> => {
  const { accountSid, authToken, parleyNumber } = options;
  let url = '';
  const ending = new AbortController();
  const network = assembleNetwork(options, () => url, ending.signal);
  const { calls, clips, sockets, webhooks } = network;

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const server = createServer(app);
  const ownUrls = createGuardedUrls(server, () => url);
  app.use('/2010-04-01', network.rest);
  app.use('/control/phones', createGuard(ownUrls), network.control);
  server.on('upgrade', (request, socket, head) => {
    if (isOwn(request, ownUrls) && sockets.upgrade(request, socket, head)) return;
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  server.listen(options.port ?? 0, options.host ?? '127.0.0.1');
  await once(server, 'listening');
  url = ownUrls()[0]!;

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    webhooks.close();
    ending.abort();
    for (const call of calls.all()) call.stop('completed');
    sockets.close();
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await Promise.all([closed, clips.close()]);
  };
  return {
    url,
    accountSid,
    authToken,
    number: parleyNumber,
    control: network.control,
    upgrade: sockets.upgrade,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

/** The parts of the network, each given what it uses. */
const assembleNetwork = (account: PhonesOptions, apiUrl: () => string, closing: AbortSignal) => {
  const { accountSid, authToken, log, clock = systemClock } = account;
  const timing = { ...DEFAULT_TIMING, ...account.timing };
  const failures = account.failures ?? createFailures(PHONE_FAILURES);
  const faults = createFaultLog(clock, log);
  const handsets = createHandsets(account.phones ?? SEEDED_PHONES);
  const clips = createClipLibrary([VOICES_DIR, account.samplesDir ?? null]);
  const state = () => phonesState(account.parleyNumber, handsets, clips);
  const sockets = createControlSockets(handsets, state);
  const onChange = sockets.changed;
  const webhooks = createWebhooks({ authToken, timing, failures, clock, log });
  const recordings = createRecordings({
    account: { accountSid, apiUrl },
    timing,
    webhooks,
    failures,
    clock,
  });
  const runTwiml = createTwimlRunner({
    fetchDocument: createDocumentFetcher(accountSid, webhooks),
    speak: createSpeaker(clips, timing.charactersPerSecond),
    connectStream: createStreamConnector({
      account,
      webhooks,
      failures,
      reportFault: faults.report,
      breakAfterMs: timing.streamBreakAfterMs,
      closing,
      clock,
    }),
    reportFault: faults.report,
    isTrial: () => failures.isOn('phone-trial-account'),
    clock,
  });
  const calls = createCalls(handsets, {
    runTwiml,
    behaviours: createBehaviours({ clips, timing, clock }),
    detectMachine: createMachineDetection({ accountSid, detectMs: timing.detectMs, webhooks, clock }),
    statusCallbacks: createStatusCallbacks({ accountSid, webhooks, clock }),
    recordings,
    ringAfterMs: timing.ringAfterMs,
    longestMs: () => (failures.isOn('phone-trial-account') ? TRIAL.callMs : Number.POSITIVE_INFINITY),
    onChange,
    clock,
    log,
  });
  const control = createControlRouter({
    account,
    handsets,
    clips,
    calls,
    webhooks,
    faults,
    state,
    onChange,
    log,
  });
  const rest = createRestRouter({
    account,
    apiUrl,
    calls,
    recordings,
    isVerified: (number) => handsets.all().some((one) => one.number === number && one.owner !== null),
    restLagMs: timing.restLagMs,
    failures,
    clock,
    log,
  });
  return { calls, clips, sockets, webhooks, control, rest };
};
