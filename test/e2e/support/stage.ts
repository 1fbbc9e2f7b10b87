import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { startSlack } from '../../../sandbox/slack/server.ts';
import { startChartRenderer } from '../../../src/charts/index.ts';
import { dataDirectory } from '../../support/data-directory.ts';
import { freePort } from '../../support/free-port.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type NumberedRecording, transcriptionOf } from './recordings.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export const TOKENS = {
  botToken: 'xoxb-stage-0123456789',
  appToken: 'xapp-stage-0123456789',
  signingSecret: 'stage-signing-secret-0123456789',
  engineKey: 'stage-engine-key-0123456789',
} as const;

/** Every service that Parley uses, behind a fault proxy. The test starts and stops Parley itself. */
export interface Stage {
  readonly workspace: Workspace;
  readonly proxy: FaultProxy;
  readonly engine: ScriptedEngine;
  /** Where Parley listens in HTTP mode. */
  readonly parleyUrl: string;
  readonly dataDir: string;
  /** A person, and the channels that Parley is a member of. */
  readonly ana: string;
  readonly channels: readonly string[];
  /** Starts `src/main.ts`, reached by Slack over `mode`. It may not be up yet on return. */
  launch(mode: 'http' | 'socket', env?: Record<string, string>): RunningProcess;
  /** Sets Slack’s request URL, which must answer its challenge. */
  listenTo(requestUrl: string): Promise<void>;
  /** One message with these recordings. */
  post(channel: string, recordings: readonly NumberedRecording[]): Promise<StoredMessage>;
  close(): Promise<void>;
}

/** What Parley logs once it is up. */
export const UP = /"msg":"Parley is up"/;

export const openStage = async (
  options: {
    /** The engine responds to a recording once this has resolved. */
    readonly transcribing?: () => Promise<void>;
    readonly retryScale?: number;
    readonly enforceLimits?: boolean;
  } = {},
): Promise<Stage> => {
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const { directory: dataDir, remove } = dataDirectory();
  const parleyPort = await freePort();
  const parleyUrl = `http://127.0.0.1:${parleyPort}`;
  const slackPort = await freePort();
  const engine = await startScriptedEngine({
    apiKey: TOKENS.engineKey,
    fallback: ({ contentLength }) => ({
      mode: 'ok',
      answer: transcriptionOf(contentLength ?? 0),
      after: options.transcribing?.() ?? Promise.resolve(),
    }),
  });
  const charts = await startChartRenderer({ log: silent });
  const proxy = await startFaultProxy({
    slack: () => `http://127.0.0.1:${slackPort}`,
    parley: () => parleyUrl,
    engine: () => engine.url,
    charts: () => charts.url,
  });
  const slack = await startSlack({
    dataDir: null,
    port: slackPort,
    publicUrl: proxy.url,
    ...TOKENS,
    app: { retryScale: options.retryScale ?? 0.01, enforceLimits: options.enforceLimits ?? false },
    log: silent,
  });
  const workspace = openWorkspace(proxy.url);
  const state = await workspace.state();
  const ana = state.people.find(({ name }) => name === 'ana')?.id ?? '';
  return {
    workspace,
    proxy: proxy,
    engine,
    parleyUrl,
    dataDir,
    ana,
    channels: state.channels.filter(({ botIsMember }) => botIsMember).map(({ id }) => id),
    launch: (mode, env = {}) =>
      startProcess('src/main.ts', [], {
        DATA_DIR: dataDir,
        PORT: mode === 'http' ? String(parleyPort) : '0',
        SLACK_BOT_TOKEN: TOKENS.botToken,
        ...(mode === 'http'
          ? { SLACK_SIGNING_SECRET: TOKENS.signingSecret }
          : { SLACK_APP_TOKEN: TOKENS.appToken }),
        SLACK_API_URL: `${proxy.url}/api`,
        DEEPGRAM_API_KEY: TOKENS.engineKey,
        DEEPGRAM_URL: proxy.url,
        QUICKCHART_URL: proxy.url,
        NODE_COMPILE_CACHE: `${dataDir}/compiled`,
        ...env,
      }),
    async listenTo(requestUrl) {
      const change = await fetch(`${proxy.url}/control/app`, {
        method: 'PUT',
        body: JSON.stringify({ requestUrl }),
      });
      if (!change.ok) throw new Error(`Slack refused the request URL: ${await change.text()}`);
    },
    async post(channel, recordings) {
      const files: string[] = [];
      for (const { name, bytes } of recordings) files.push((await workspace.upload({ name, bytes }, ana)).id);
      return workspace.post({ channel, as: ana, text: '', files });
    },
    async close() {
      await proxy.close();
      await Promise.all([slack.close(), engine.close(), charts.close()]);
      remove();
    },
  };
};
