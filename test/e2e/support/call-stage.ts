import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { responseWith } from '../../../sandbox/engine/scripted/response.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import type { Timing } from '../../../sandbox/phones/options.ts';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../../sandbox/phones/server.ts';
import { SLACK_FAILURES } from '../../../sandbox/slack/failures.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { startChartRenderer } from '../../../src/charts/index.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { freePort } from '../../support/free-port.ts';
import { createHoldableClock } from '../../support/holdable-clock.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { createToneReader } from '../../support/tone-audio.ts';
import type { Person } from './meeting-program.ts';
import { openPhoneControl, type PhoneControl } from './phones.ts';
import { UP } from './stage.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** For tests that sign requests themselves. */
export const ACCOUNT = `AC${'4'.repeat(32)}`;
export const AUTH_TOKEN = 'the-auth-token-of-the-account-on-stage';
const ENGINE_KEY = 'call-stage-engine-key';
const SLACK = {
  botToken: 'xoxb-call-stage-0123456789',
  appToken: 'xapp-call-stage-0123456789',
  signingSecret: 'call-stage-signing-secret',
} as const;

/** Fast announcements, and phones that ring at once. */
const FAST_TIMING: Partial<Timing> = {
  charactersPerSecond: 400,
  ringAfterMs: 20,
  quietMs: 400,
  longestWaitMs: 1_500,
  detectMs: 100,
  greetingMs: 300,
  processingMs: 50,
};

/** The scripted engine’s transcription of every recording. */
export const RECORDED_TEXT = 'Recorded words of the phone.';

/** The whole program as a process that can be killed, and every service around it, which keeps running. */
export interface CallStage {
  readonly workspace: Workspace;
  readonly phones: PhoneControl;
  readonly engine: ScriptedEngine;
  /** Two channels that Parley is a member of. */
  readonly channels: readonly [string, string];
  readonly people: readonly [Person, Person, Person];
  /** Parley’s own URL, over which the network signs its requests. */
  readonly url: string;
  /** Kills Parley at its next dial request: before the network receives it, or before Parley receives the response. */
  killAtDial(when: 'before' | 'after'): Promise<void>;
  kill(): Promise<void>;
  start(): Promise<void>;
  /** Ids of the calls that the network placed to this number. */
  callsTo(number: string): Promise<readonly string[]>;
  /** Ids of the recordings that the network keeps of a call. */
  recordingsOf(callSid: string): Promise<readonly string[]>;
  /** How many dial requests Parley has sent. */
  dialRequests(): number;
  fail(...modes: string[]): Promise<void>;
  close(): Promise<void>;
}

export const openCallStage = async (env: Record<string, string> = {}): Promise<CallStage> => {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const { directory, remove } = dataDirectory();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  // Held while Parley starts: a phone that waits for a webhook must not give up because the machine is slow.
  const clock = createHoldableClock();
  const failures = createFailures({ ...SLACK_FAILURES, ...PHONE_FAILURES });
  const [engine, charts, slack, network] = await Promise.all([
    startScriptedEngine({
      apiKey: ENGINE_KEY,
      liveWords: createToneReader,
      fallback: () => ({ mode: 'ok', answer: RECORDING_TRANSCRIPTION }),
    }),
    startChartRenderer({ log: silent }),
    startSlack({ dataDir: null, ...SLACK, app: { enforceLimits: false }, failures, log: silent }),
    startPhones({
      accountSid: ACCOUNT,
      authToken: AUTH_TOKEN,
      parleyNumber: PARLEY_NUMBER,
      incomingUrl: () => `${url}/telephony/incoming`,
      failures,
      timing: FAST_TIMING,
      clock,
      log: silent,
    }),
  ]);
  const dialProxy = await openDialProxy(network.url);
  const workspace = openWorkspace(slack.url);
  const phones = openPhoneControl(network.url);
  const state = await workspace.state();
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
      TWILIO_URL: dialProxy.url,
      CALLS_PER_MEMBER: '10000',
      CALLS_PER_CHANNEL: '10000',
      CALLS_PER_WORKSPACE: '10000',
      ...env,
    });
    const release = clock.hold();
    await parley.until(UP).finally(release);
  };
  const rest = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${network.url}/2010-04-01/Accounts/${ACCOUNT}/${path}`, {
      headers: { authorization: `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString('base64')}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    return (await response.json()) as T;
  };
  const ended = async (how: 'kill' | 'stop'): Promise<void> => {
    const running = parley;
    parley = null;
    await running?.[how]();
  };
  await start();
  return {
    workspace,
    phones,
    engine,
    channels: state.channels
      .filter(({ botIsMember }) => botIsMember)
      .map(({ id }) => id) as unknown as CallStage['channels'],
    people: state.people
      .filter(({ isBot }) => !isBot)
      .map(({ id, realName }) => ({ id, name: realName })) as unknown as CallStage['people'],
    url,
    killAtDial: (when) => dialProxy.atDial(when, () => ended('kill')),
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
    dialRequests: () => dialProxy.dials(),
    fail: (...modes) => workspace.fail(...modes),
    async close() {
      await ended('stop');
      await dialProxy.close();
      await Promise.all([slack.close(), network.close(), engine.close(), charts.close()]);
      remove();
    },
  };
};

const RECORDING_TRANSCRIPTION = responseWith({
  durationMs: 3_000,
  language: 'en',
  channels: [
    RECORDED_TEXT.split(' ').map((word, at) => ({
      word: word.toLowerCase().replace('.', ''),
      punctuated: word,
      startMs: 200 + at * 300,
      endMs: 450 + at * 300,
    })),
    [],
  ],
});

/** A proxy between Parley and the network’s REST API that can kill Parley at a dial request. */
const openDialProxy = async (target: string) => {
  let dials = 0;
  let armed: { when: 'before' | 'after'; kill: () => Promise<void>; killed: () => void } | null = null;
  const server = createServer((request, response) => {
    const forward = async (): Promise<void> => {
      const body = await whole(request);
      const isDial = request.method === 'POST' && request.url?.endsWith('/Calls.json') === true;
      if (isDial) dials += 1;
      const now = isDial ? armed : null;
      if (now !== null) armed = null;
      if (now?.when === 'before') {
        await now.kill();
        now.killed();
        return;
      }
      const onward = send(`${target}${request.url}`, {
        method: request.method ?? 'GET',
        headers: { ...request.headers, host: new URL(target).host },
        agent: false,
      });
      onward.end(body);
      const [answer] = (await once(onward, 'response')) as [IncomingMessage];
      const content = await whole(answer);
      if (now?.when === 'after') {
        await now.kill();
        now.killed();
        return;
      }
      const { 'transfer-encoding': _framing, connection: _hop, ...headers } = answer.headers;
      response.writeHead(answer.statusCode ?? 502, headers).end(content);
    };
    forward().catch(() => request.socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    dials: () => dials,
    atDial: (when: 'before' | 'after', kill: () => Promise<void>): Promise<void> =>
      new Promise((resolve) => {
        armed = { when, kill, killed: resolve };
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
