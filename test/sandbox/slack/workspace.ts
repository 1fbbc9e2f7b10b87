import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import { expect } from 'vitest';
import type {
  ControlEvent,
  StoredFile,
  StoredMessage,
  WorkspaceState,
} from '../../../sandbox/slack/control/contract.ts';
import type { SlackOptions } from '../../../sandbox/slack/options.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { type ContractWitness, createContractWitness } from '../../contracts/slack-witness.ts';
import { createFastClock } from '../support/fast-clock.ts';

export const BOT_TOKEN = 'xoxb-test';
export const APP_TOKEN = 'xapp-test';
export const SECRET = 'a-signing-secret';

const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const quietLogger = {
  ...silent,
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
};

/** Resolves once `check` returns something. Checks at short intervals. */
export const eventually = async <T>(
  check: () => T | Promise<T>,
  what: string,
  timeoutMs = 30_000,
): Promise<NonNullable<T>> => {
  const until = Date.now() + timeoutMs;
  for (;;) {
    const found = await check();
    if (found) return found as NonNullable<T>;
    if (Date.now() > until) throw new Error(`This did not happen: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
};

/** The simulator with a client of its Web API and of its control API. */
export const openWorkspace = async ({
  clock = createFastClock(),
  witness = createContractWitness({ app: false }),
  ...options
}: Omit<Partial<SlackOptions>, 'witness'> & { witness?: ContractWitness } = {}) => {
  const slack = await startSlack({
    dataDir: null,
    botToken: BOT_TOKEN,
    appToken: APP_TOKEN,
    signingSecret: SECRET,
    log: silent,
    clock,
    witness,
    ...options,
  });
  const web = new WebClient(BOT_TOKEN, {
    slackApiUrl: slack.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quietLogger,
  });
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${slack.url}/control/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { error?: string };
    if (!response.ok) throw new Error(`${response.status}: ${answer.error}`);
    return answer;
  };
  const state = await ask<WorkspaceState>('GET', 'state');
  const channel = (name: string): string => state.channels.find((one) => one.name === name)!.id;
  return {
    ...slack,
    /** @throws when something went over the wire that Slack does not say or know. */
    close: async (): Promise<void> => {
      await slack.close();
      expect(witness.faults).toEqual([]);
    },
    /** The workspace's time, which runs fast by default. */
    clock,
    web,
    ask,
    state,
    general: channel('general'),
    quiet: channel('quiet'),
    ana: state.people.find(({ name }) => name === 'ana')!.id,
    bot: state.bot.userId,
    say: async (text: string, more: object = {}): Promise<StoredMessage> =>
      (
        await ask<{ message: StoredMessage }>('POST', 'messages', {
          channel: 'general',
          as: 'ana',
          text,
          ...more,
        })
      ).message,
    upload: async (name: string, bytes: Uint8Array<ArrayBuffer>, as = 'ana'): Promise<StoredFile> => {
      const path = `${slack.url}/control/files?name=${encodeURIComponent(name)}&as=${as}`;
      const response = await fetch(path, { method: 'PUT', body: bytes });
      return ((await response.json()) as { file: StoredFile }).file;
    },
    messages: async (thread?: string): Promise<StoredMessage[]> =>
      (
        await ask<{ messages: StoredMessage[] }>(
          'GET',
          `messages?channel=general${thread === undefined ? '' : `&thread=${thread}`}`,
        )
      ).messages,
    fail: (...modes: string[]) => ask('PUT', 'failures', { modes }),
    /** Collects events from now on. */
    watch: async (): Promise<{ events: ControlEvent[]; close: () => void }> => {
      const socket = new WebSocket(`${slack.url.replace('http', 'ws')}/control/live`);
      const events: ControlEvent[] = [];
      socket.onmessage = ({ data }) => events.push(JSON.parse(String(data)) as ControlEvent);
      await new Promise((resolve, reject) => {
        socket.onopen = resolve;
        socket.onerror = () => reject(new Error('The live socket did not open.'));
      });
      return { events, close: () => socket.close() };
    },
  };
};
export type OpenWorkspace = Awaited<ReturnType<typeof openWorkspace>>;

/** A real Bolt app over Socket Mode. */
export const socketApp = (workspace: { apiUrl: string }): App => {
  const clientOptions = () => ({ slackApiUrl: workspace.apiUrl, logger: quietLogger });
  const receiver = new SocketModeReceiver({
    appToken: APP_TOKEN,
    logger: quietLogger,
    clientPingTimeout: 300,
    installerOptions: { clientOptions: clientOptions() },
  });
  return new App({ token: BOT_TOKEN, receiver, clientOptions: clientOptions(), logger: quietLogger });
};

/** A real Bolt app over HTTP; resolves with its request URL. */
export const httpApp = async (
  workspace: { apiUrl: string },
  signingSecret = SECRET,
): Promise<{ app: App; requestUrl: string }> => {
  const app = new App({
    token: BOT_TOKEN,
    signingSecret,
    clientOptions: { slackApiUrl: workspace.apiUrl, logger: quietLogger },
    logger: quietLogger,
  });
  const server = (await app.start({ port: 0, host: '127.0.0.1' } as never)) as import('node:http').Server;
  const { port } = server.address() as import('node:net').AddressInfo;
  return { app, requestUrl: `http://127.0.0.1:${port}/slack/events` };
};

/** The name of the error that a Web API call ends with. */
export const errorOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call;
  } catch (error) {
    return (error as { data?: { error: string } }).data?.error ?? String(error);
  }
  return 'no error';
};
