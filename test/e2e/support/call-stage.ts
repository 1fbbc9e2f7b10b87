import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { WordReader } from '../../../sandbox/engine/scripted/markers.ts';
import { responseWith } from '../../../sandbox/engine/scripted/response.ts';
import { ToneReader } from '../../../sandbox/engine/scripted/tones.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import type { Timing } from '../../../sandbox/phones/options.ts';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../../sandbox/phones/server.ts';
import { SLACK_FAILURES } from '../../../sandbox/slack/failures.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { startChartRenderer } from '../../../src/charts/index.ts';
import { decodeMulaw } from '../../../src/core/audio/g711.ts';
import { freePort } from '../../support/free-port.ts';
import { createHoldableClock } from '../../support/holdable-clock.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { toneSamples, toneWordsIn } from '../../support/tone-tape.ts';
import { wavOfSamples } from '../../support/wav.ts';
import type { Person } from './meeting-program.ts';
import { openTelephones, type Telephones } from './phones.ts';
import { UP } from './stage.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** For signatures that a test makes itself. */
export const ACCOUNT = `AC${'4'.repeat(32)}`;
export const AUTH_TOKEN = 'the-auth-token-of-the-account-on-stage';
const ENGINE_KEY = 'call-stage-engine-key';
const SLACK = {
  botToken: 'xoxb-call-stage-0123456789',
  appToken: 'xapp-call-stage-0123456789',
  signingSecret: 'call-stage-signing-secret',
} as const;

/** Machines speak fast here, and telephones ring at once. */
const HURRIED: Partial<Timing> = {
  charactersPerSecond: 400,
  ringAfterMs: 20,
  quietMs: 400,
  longestWaitMs: 1_500,
  detectMs: 100,
  greetingMs: 300,
  processingMs: 50,
};

/** What the scripted engine hears in every recording. */
export const RECORDED = 'Recorded words of the telephone.';

/** Everything that Parley talks to, outliving it; Parley is the whole program as a process of its own. */
export interface CallStage {
  readonly workspace: Workspace;
  readonly telephones: Telephones;
  readonly engine: ScriptedEngine;
  /** Two in which Parley is. */
  readonly channels: readonly [string, string];
  readonly people: readonly [Person, Person, Person];
  /** Where Parley listens, and the network signs its requests over. */
  readonly url: string;
  /** Kills Parley at the next request for a call: before the network sees it, or before Parley sees the answer. */
  killAtDial(when: 'before' | 'after'): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** The calls that the network made to this number, by their ids. */
  callsTo(number: string): Promise<readonly string[]>;
  /** What is kept at the network of a call that was recorded, by the recordings' ids. */
  recordingsOf(callSid: string): Promise<readonly string[]>;
  /** How often Parley asked for a call. */
  dialsAsked(): number;
  /** What Parley wrote to its log. */
  log(): string;
  fail(...modes: string[]): Promise<void>;
  close(): Promise<void>;
}

export const openCallStage = async (env: Record<string, string> = {}): Promise<CallStage> => {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const { directory, remove } = temporaryDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Starting a process takes as long as the machine needs; a phone that waits for it is not made to give up meanwhile.
  const clock = createHoldableClock();
  const failures = createFailures({ ...SLACK_FAILURES, ...PHONE_FAILURES });
  const [engine, charts, slack, phones] = await Promise.all([
    startScriptedEngine({
      apiKey: ENGINE_KEY,
      liveWords: (rateHz) => (rateHz === 8_000 ? new TelephoneReader() : new ToneReader(rateHz)),
      fallback: () => ({ mode: 'ok', answer: HEARD_IN_RECORDINGS }),
    }),
    startChartRenderer({ log: silent }),
    startSlack({ dataDir: null, ...SLACK, app: { enforceLimits: false }, failures, log: silent }),
    startPhones({
      accountSid: ACCOUNT,
      authToken: AUTH_TOKEN,
      parleyNumber: PARLEY_NUMBER,
      incomingUrl: () => `${url}/telephony/incoming`,
      failures,
      timing: HURRIED,
      clock,
      log: silent,
    }),
  ]);
  const gate = await openGate(phones.url);
  const workspace = openWorkspace(slack.url);
  const telephones = openTelephones(phones.url);
  const state = await workspace.state();
  let log = '';
  let parley: RunningProcess | null = null;

  const start = async (): Promise<void> => {
    parley = startProcess('src/main.ts', [], {
      DATA_DIR: directory,
      PORT: String(port),
      PUBLIC_URL: url,
      SLACK_BOT_TOKEN: SLACK.botToken,
      SLACK_APP_TOKEN: SLACK.appToken,
      SLACK_API_URL: slack.apiUrl,
      DEEPGRAM_API_KEY: ENGINE_KEY,
      DEEPGRAM_URL: engine.url,
      QUICKCHART_URL: charts.url,
      TWILIO_ACCOUNT_SID: ACCOUNT,
      TWILIO_AUTH_TOKEN: AUTH_TOKEN,
      TWILIO_NUMBER: PARLEY_NUMBER,
      TWILIO_URL: gate.url,
      CALLS_PER_MEMBER: '10000',
      CALLS_PER_CHANNEL: '10000',
      CALLS_PER_WORKSPACE: '10000',
      ...env,
    });
    const release = clock.hold();
    await parley.until(UP).finally(release);
  };
  const rest = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${phones.url}/2010-04-01/Accounts/${ACCOUNT}/${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  };
  const ended = async (how: 'kill' | 'stop'): Promise<void> => {
    const running = parley;
    parley = null;
    await running?.[how]();
    log += running?.output() ?? '';
  };
  await start();
  return {
    workspace,
    telephones,
    engine,
    channels: state.channels
      .filter(({ botIsMember }) => botIsMember)
      .map(({ id }) => id) as unknown as CallStage['channels'],
    people: state.people
      .filter(({ isBot }) => !isBot)
      .map(({ id, realName }) => ({ id, name: realName })) as unknown as CallStage['people'],
    url,
    killAtDial: (when) => gate.atDial(when, () => ended('kill')),
    kill: () => ended('kill'),
    start,
    callsTo: async (number) =>
      (await rest<{ calls: { sid: string }[] }>(`Calls.json?To=${encodeURIComponent(number)}`)).calls.map(
        ({ sid }) => sid,
      ),
    recordingsOf: async (callSid) =>
      (await rest<{ recordings: { sid: string }[] }>(`Recordings.json?CallSid=${callSid}`)).recordings.map(
        ({ sid }) => sid,
      ),
    dialsAsked: () => gate.dials(),
    log: () => log + (parley?.output() ?? ''),
    fail: (...modes) => workspace.fail(...modes),
    async close() {
      await ended('stop');
      await gate.close();
      await Promise.all([slack.close(), phones.close(), engine.close(), charts.close()]);
      remove();
    },
  };
};

/** Hears tone words in mulaw. */
class TelephoneReader implements WordReader {
  readonly #reader = new ToneReader(8_000);
  get readSamples(): number {
    return this.#reader.readSamples;
  }
  get silentSamples(): number {
    return this.#reader.silentSamples;
  }
  get damaged(): number {
    return this.#reader.damaged;
  }
  read(mulaw: Buffer) {
    const samples = Int16Array.from(mulaw, decodeMulaw);
    return this.#reader.read(Buffer.from(samples.buffer));
  }
}

const HEARD_IN_RECORDINGS = responseWith({
  durationMs: 3_000,
  language: 'en',
  channels: [
    RECORDED.split(' ').map((word, at) => ({
      word: word.toLowerCase().replace('.', ''),
      punctuated: word,
      startMs: 200 + at * 300,
      endMs: 450 + at * 300,
    })),
    [],
  ],
});

/** What a telephone says that counts from `first`, so many words. */
export const counting = async (telephones: Telephones, first: number, count: number): Promise<string> => {
  const name = `from-${first}-to-${first + count - 1}`;
  await telephones.keep(name, wavOfSamples(toneSamples(first, count)));
  return name;
};

/** The tone words in a recording of 8 kHz. */
export const numbersIn = (samples: Int16Array): number[] => toneWordsIn(samples, 8_000);

/** Between Parley and the REST interface of the network: passes everything on, until it is to fall. */
const openGate = async (target: string) => {
  let dials = 0;
  let armed: { when: 'before' | 'after'; fall: () => Promise<void>; fell: () => void } | null = null;
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await whole(request);
      const isDial = request.method === 'POST' && request.url?.endsWith('/Calls.json') === true;
      if (isDial) dials += 1;
      const now = isDial ? armed : null;
      if (now !== null) armed = null;
      if (now?.when === 'before') {
        await now.fall();
        now.fell();
        return;
      }
      const onward = send(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { ...request.headers, host: new URL(target).host },
        agent: false,
      });
      onward.end(body);
      const [answered] = (await once(onward, 'response')) as [IncomingMessage];
      const content = await whole(answered);
      if (now?.when === 'after') {
        await now.fall();
        now.fell();
        return;
      }
      const { 'transfer-encoding': _framing, connection: _hop, ...headers } = answered.headers;
      response.writeHead(answered.statusCode ?? 502, headers).end(content);
    };
    pass().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dials: () => dials,
    atDial: (when: 'before' | 'after', fall: () => Promise<void>): Promise<void> =>
      new Promise((resolve) => {
        armed = { when, fall, fell: resolve };
      }),
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
};

const whole = async (stream: AsyncIterable<Buffer>): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
