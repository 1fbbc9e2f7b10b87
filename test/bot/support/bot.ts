import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Commands } from '../../../src/bot/commands.ts';
import { type Bot, createBot } from '../../../src/bot/index.ts';
import type { BotConfig } from '../../../src/bot/transport.ts';
import type { Thread } from '../../../src/core/ids.ts';
import type { Log, RequestOutcome, Requests } from '../../../src/core/ports.ts';
import { createPublicWeb } from '../../../src/links/index.ts';
import { createContractWitness } from '../../contracts/slack-witness.ts';
import {
  APP_TOKEN,
  BOT_TOKEN,
  type OpenWorkspace,
  openWorkspace,
  SECRET,
} from '../../sandbox/slack/workspace.ts';
import { until } from '../../support/until.ts';
import { createImpatientClock } from './impatient-clock.ts';

export type Mode = 'socket' | 'http';
type Asked = { [Name in keyof Requests]: { name: Name; args: Parameters<Requests[Name]> } }[keyof Requests];

/** The flows' side of the port: records its calls in order, and answers what a test put in. */
export const recordRequests = (answers: Partial<Requests> = {}) => {
  const asked: Asked[] = [];
  const accepted = async (): Promise<RequestOutcome> => ({ outcome: 'accepted' });
  const defaults: Requests = {
    filesPosted: accepted,
    fileShared: async () => {},
    messageDeleted: async () => {},
    fileDeleted: async () => {},
    transcribeLink: accepted,
    retry: accepted,
    voices: async () => null,
    nameSpeakers: accepted,
    shareExport: accepted,
    sendExport: accepted,
    resultDetails: async () => null,
    recentConversations: async () => [],
    openMeeting: accepted,
    meetingLink: async () => ({ refused: 'This meeting has ended.' }),
    endMeeting: accepted,
    callUnavailableReason: async () => null,
    planCall: async () => ({ refused: 'Calls are not set up here.' }),
    placeCall: async () => ({ conversationId: 'call-1' as never }),
    hangUp: accepted,
    pressExtension: accepted,
    ownNumber: async () => null,
    saveOwnNumber: async (_workspaceId, _by, text) => ({ formatted: text || null }),
    callSettings: async () => ({ refused: 'Only admins decide about calls.' }),
    saveCallSettings: accepted,
  };
  const requests = Object.fromEntries(
    Object.entries({ ...defaults, ...answers }).map(([name, answer]) => [
      name,
      (...args: unknown[]) => {
        asked.push({ name, args } as Asked);
        return (answer as (...given: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as Requests;
  const of = <Name extends keyof Requests>(name: Name): Parameters<Requests[Name]>[] =>
    asked.filter((one) => one.name === name).map(({ args }) => args as Parameters<Requests[Name]>);
  return { requests, asked, of };
};

/** Collects what is logged, to check that nothing private is. */
const recordLog = (): { log: Log; lines: string[] } => {
  const lines: string[] = [];
  const write = (fields: object, message: string) =>
    void lines.push(
      `${message} ${JSON.stringify(fields, (_key, value) => (value instanceof Error ? value.name : value))}`,
    );
  return { log: { debug: write, info: write, warn: write, error: write }, lines };
};

export interface TestBot {
  workspace: OpenWorkspace;
  bot: Bot;
  log: string[];
  start(requests?: Requests): Promise<void>;
  thread(rootId: string): Thread;
  /** Lets the deadline pass by which Slack wants a response, once there is one. */
  passDeadline(): Promise<void>;
  close(): Promise<void>;
}

/** The real bot beside the simulated Slack, over Socket Mode or mounted on a server of ours. */
export const openBot = async (
  mode: Mode,
  options: Parameters<typeof openWorkspace>[0] = {},
  config: Partial<BotConfig> = {},
  commands: Commands = { main: '/parley', short: [] },
): Promise<TestBot> => {
  const workspace = await openWorkspace({
    witness: createContractWitness({ app: true }),
    ...options,
    app: { retryScale: 0.001, enforceLimits: false, ...options.app },
  });
  const { log, lines } = recordLog();
  const clock = createImpatientClock();
  const web = createPublicWeb({ allowPrivate: () => true });
  const bot = await createBot({
    web,
    config: {
      botToken: BOT_TOKEN,
      mode:
        mode === 'socket' ? { type: 'socket', appToken: APP_TOKEN } : { type: 'http', signingSecret: SECRET },
      apiUrl: workspace.apiUrl,
      ...config,
    },
    commands,
    log,
    clock,
  });
  const server = createServer((request, response) => bot.requestListener?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    workspace,
    bot,
    log: lines,
    async start(requests = recordRequests().requests) {
      await bot.start(requests);
      if (mode === 'socket') return;
      const { port } = server.address() as AddressInfo;
      await workspace.ask('PUT', 'app', { requestUrl: `http://127.0.0.1:${port}/slack/events` });
    },
    thread: (rootId) =>
      ({ workspaceId: workspace.state.team.id, channelId: workspace.general, rootId }) as Thread,
    passDeadline: async () =>
      void (await until(() => clock.expireDeadlines() > 0, { everyMs: 5, what: 'a deadline' })),
    async close() {
      // Listeners that hang on purpose are not waited for.
      const expiring = setInterval(() => clock.expireDeadlines(), 200);
      await bot.close().finally(() => clearInterval(expiring));
      await web.close();
      server.close();
      server.closeAllConnections();
      await workspace.close();
    },
  };
};
