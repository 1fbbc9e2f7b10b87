import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../src/clock.ts';
import type { Clock } from '../../src/core/ports.ts';
import { createGuardedUrls } from '../common/addresses.ts';
import { isOwn } from '../common/control/guard.ts';
import { createFailures } from '../common/failures.ts';
import { createApp } from './app.ts';
import { createLiveSockets } from './control/live.ts';
import { createHttpLink } from './events/http.ts';
import type { AppLink } from './events/link.ts';
import { ACK_TIMEOUT_MS } from './events/link.ts';
import { createEventQueue } from './events/queue.ts';
import { createSocketLink } from './events/socket.ts';
import { SLACK_FAILURES } from './failures.ts';
import { createFileHost } from './files/host.ts';
import { createFilePipeline } from './files/pipeline.ts';
import { createTsClock } from './ids.ts';
import { createLimits } from './limits.ts';
import type { SlackOptions, Witness } from './options.ts';
import { createModalDesk } from './people/modals.ts';
import { createTriggers } from './people/triggers.ts';
import { postMessage } from './posting.ts';
import { seedWorkspace } from './seed.ts';
import { openStore, type Store } from './store/store.ts';
import { normalizeText } from './text.ts';
import type { ShareRequest } from './types.ts';
import type { Workspace } from './workspace.ts';

export interface SlackSimulator {
  readonly url: string;
  /** For `slackApiUrl`; ends in `/api/`. */
  readonly apiUrl: string;
  close(): Promise<void>;
}

/** Starts the Slack simulator: Web API, events, files, control API and page on one HTTP server. */
export const startSlack = async (options: SlackOptions): Promise<SlackSimulator> => {
  const store = openStore(options.dataDir);
  seedWorkspace(store, options.signingSecret, options.app ?? {});
  const failures = options.failures ?? createFailures(SLACK_FAILURES);
  const live = createLiveSockets();
  const clock = options.clock ?? systemClock;
  const nowMs = () => clock.nowMs();
  const team = () => store.settings.team()!;
  const app = () => store.settings.app()!;
  const sockets = createSocketLink({
    appId: () => app().appId,
    eventAckTimeoutMs: () => app().eventAckTimeoutMs ?? ACK_TIMEOUT_MS,
    failures,
    clock,
  });
  const chosen = chooseLink(sockets, clock, () => {
    const { requestUrl, signingSecret } = app();
    return requestUrl === null ? null : { requestUrl, signingSecret };
  });
  const link = options.witness === undefined ? chosen : witnessed(chosen, options.witness);
  const { log } = options;
  let url = options.publicUrl?.replace(/\/$/, '') ?? '';
  const files = createFilePipeline({
    files: store.files,
    failures,
    clock,
    share: (request) => shareFiles(workspace, request),
    onError: (err) => log.error({ err }, 'slack: a file could not be processed'),
  });
  const fileHost = createFileHost(() => workspace);
  const workspace: Workspace = {
    store,
    failures,
    limits: createLimits(nowMs),
    tokens: { bot: options.botToken, app: options.appToken },
    url: () => url,
    newTs: createTsClock(store.messages.newestTs()),
    nowMs,
    clock,
    team,
    app,
    broadcast: live.show,
    events: createEventQueue({
      settings: store.settings,
      link,
      failures,
      team,
      teamOf: (userId) => externalTeamOf(store, userId) ?? team().id,
      app,
      clock,
      log,
    }),
    link,
    triggers: createTriggers(nowMs),
    modals: createModalDesk({ team, app, show: live.show }),
    files,
    presignedUrl: (file) => fileHost.addressOf(file),
    samplesDir: options.samplesDir ?? null,
    log,
  };
  failures.onChange(() => {
    live.show({ type: 'failures', active: failures.active() });
    if (failures.isOn('socket-disconnects')) sockets.recycle('drop');
  });
  sockets.onChange(() => live.show({ type: 'bot_connected', connected: link.connected() }));

  const server = createServer();
  const ownUrls = createGuardedUrls(server, () => url);
  server.on('request', createApp({ workspace, sockets, ownUrls, options }));
  server.on('upgrade', (request, socket, head) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const taken =
      pathname === '/link/'
        ? sockets.upgrade(request, socket, head, searchParams.get('ticket') ?? '')
        : isOwn(request, ownUrls) &&
          (pathname === '/control/live'
            ? live.upgrade(request, socket, head)
            : options.phones?.upgrade(request, socket, head) === true);
    if (!taken) socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
  });
  await listen(server, options.port ?? 0, options.host ?? '127.0.0.1');
  if (url === '') url = ownUrls()[0]!;
  await fileHost.listen(options.host ?? '127.0.0.1');
  files.resume();
  workspace.events.resume();

  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    workspace.events.close();
    files.close();
    sockets.close();
    live.close();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await Promise.all([closed, fileHost.close()]);
    store.close();
  };
  return {
    url,
    apiUrl: `${url}/api/`,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

/** The workspace of a person of another organization. */
const externalTeamOf = ({ directory }: Store, userId: string): string | null => {
  const elsewhere = directory.user(userId)?.elsewhere;
  return elsewhere?.kind === 'another-organization' ? elsewhere.teamId : null;
};

/** HTTP once a request URL is set, otherwise Socket Mode. */
const chooseLink = (
  sockets: AppLink,
  clock: Clock,
  target: () => { requestUrl: string; signingSecret: string } | null,
): AppLink => {
  const http = createHttpLink(target, clock);
  const chosen = (): AppLink => (target() === null ? sockets : http);
  return {
    deliver: (body, retry) => chosen().deliver(body, retry),
    ask: (kind, body) => chosen().ask(kind, body),
    connected: () => chosen().connected(),
  };
};

const witnessed = (link: AppLink, witness: Witness): AppLink => ({
  ...link,
  deliver(body, retry) {
    witness.sent(body);
    return link.deliver(body, retry);
  },
  ask(kind, body) {
    witness.sent(body);
    return link.ask(kind, body);
  },
});

/** The message that shares the app's uploaded files. */
const shareFiles = (workspace: Workspace, request: ShareRequest): void => {
  const { botUserId, botId } = workspace.app();
  postMessage(workspace, {
    channel: request.channel,
    user: botUserId,
    botId,
    subtype: 'file_share',
    text: normalizeText(request.comment ?? ''),
    fileIds: request.fileIds,
    ...(request.blocks === undefined ? {} : { blocks: request.blocks }),
    ...(request.threadTs === undefined ? {} : { threadTs: request.threadTs }),
  });
};

const listen = (server: Server, port: number, host: string): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
