import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSlack } from '../../sandbox/slack/server.ts';
import { buildImages } from '../../scripts/image/build.ts';
import { runAsRoot, runInContainer, startInContainer } from '../../scripts/image/container.ts';
import { parseDockerfile, type Stage } from '../../scripts/image/dockerfile.ts';
import { TOKENS } from '../e2e/support/stage.ts';
import { openWorkspace, shownText, type Workspace } from '../e2e/support/workspace.ts';
import { fixture } from '../support/fixtures.ts';
import { freePort } from '../support/free-port.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const context = path.join(import.meta.dirname, '../..');
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A stage that runs as its image would: its user, its command, nothing to write to but /tmp and its volumes. */
interface RunningImage {
  readonly process: ChildProcess;
  output(): string;
  /** Whether another command in such a container exits with 0. */
  succeeds(command: readonly string[] | null): Promise<boolean>;
  /** SIGTERM to the first process of the container. Resolves with its status. */
  stop(): Promise<number | null>;
}

const startImage = (
  stage: Stage,
  root: string,
  { env, volume }: { env: Record<string, string>; volume: string },
): RunningImage => {
  const container = {
    root,
    directory: stage.directory,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', ...stage.env, ...env },
    user: stage.user,
    extraFile: null,
    readOnly: true,
    mounts: Object.fromEntries(stage.volumes.map((inside) => [inside, volume])),
  };
  const process = startInContainer(container, stage.command ?? []);
  let output = '';
  for (const stream of [process.stdout, process.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const ended = once(process, 'close').then(([code]) => code as number | null);
  return {
    process,
    output: () => output,
    succeeds: (command) =>
      runInContainer(container, command ?? []).then(
        () => true,
        () => false,
      ),
    stop: async () => {
      const [first] = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ');
      runAsRoot('kill', '-TERM', first ?? '');
      return ended;
    },
  };
};

describe('the images of the Dockerfile', () => {
  const stages = parseDockerfile(readFileSync(path.join(context, 'Dockerfile'), 'utf8'));
  const stageOf = (name: string): Stage => stages.find((stage) => stage.name === name)!;
  const { directory } = temporaryDirectory();
  let roots: ReadonlyMap<string, string>;
  let postgres: PostgresServer;
  let slack: Awaited<ReturnType<typeof startSlack>>;
  let workspace: Workspace;
  let parley: RunningImage;
  let engine: RunningImage;
  let parleyUrl: string;

  /** A directory that the user of the image may write to, as a new volume is. */
  const volumeFor = ({ name, user }: Stage): string => {
    const volume = path.join(directory, `volume-of-${name}`);
    mkdirSync(volume);
    runAsRoot('chown', user ?? '', volume);
    return volume;
  };

  beforeAll(async () => {
    roots = await buildImages(stages, { context, directory, say: (line) => console.log(line) });
    const slackPort = await freePort();
    postgres = await startPostgres();
    await postgres.createDatabase('parley');
    slack = await startSlack({
      dataDir: null,
      port: slackPort,
      publicUrl: `http://127.0.0.1:${slackPort}`,
      ...TOKENS,
      log: silent,
    });
    workspace = openWorkspace(`http://127.0.0.1:${slackPort}`);
    const [port, enginePort] = [await freePort(), await freePort()];
    parleyUrl = `http://127.0.0.1:${port}`;
    engine = startImage(stageOf('engine'), roots.get('engine') ?? '', {
      env: { ENGINE_HOST: '127.0.0.1', ENGINE_PORT: String(enginePort), ENGINE_API_KEY: TOKENS.engineKey },
      volume: directory,
    });
    parley = startImage(stageOf('parley'), roots.get('parley') ?? '', {
      env: {
        PORT: String(port),
        DATABASE_URL: postgres.urlOf('parley'),
        PARLEY_SECRET: 'a-secret-of-the-image-check-0123456789',
        SLACK_BOT_TOKEN: TOKENS.botToken,
        SLACK_APP_TOKEN: TOKENS.appToken,
        SLACK_API_URL: `${workspace.url}/api`,
        DEEPGRAM_URL: `http://127.0.0.1:${enginePort}`,
        DEEPGRAM_API_KEY: TOKENS.engineKey,
        MEDIA_ANNOUNCED_ADDRESS: '127.0.0.1',
        MEDIA_PORT: String(await freePort()),
      },
      volume: volumeFor(stageOf('parley')),
    });
  });

  afterAll(async () => {
    for (const image of [parley, engine]) image?.process.kill('SIGKILL');
    await Promise.all([slack?.close(), postgres?.close()]);
    // Files of other users: not for Node to remove.
    runAsRoot('rm', '-rf', directory);
  });

  it('hold no packages that only development needs, so none of their GPL parts', () => {
    const { packages } = JSON.parse(readFileSync(path.join(context, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean }>;
    };
    const developed = Object.keys(packages).filter((name) => packages[name]?.dev);
    expect(developed).toContain('node_modules/@seydx/node-av-linux-x64');
    const app = path.join(roots.get('parley') ?? '', 'app');
    expect(developed.filter((name) => existsSync(path.join(app, name)))).toEqual([]);
  });

  it('come up and are healthy', async () => {
    await until(() => parley.output().includes('Parley is up'), { what: 'Parley' }).catch(() => {
      throw new Error(parley.output());
    });
    await until(() => parley.succeeds(stageOf('parley').healthCommand), { what: 'the health of Parley' });
    await until(() => engine.succeeds(stageOf('engine').healthCommand), { what: 'the health of the engine' });
    await until(async () => (await fetch(`${parleyUrl}/readyz`)).ok, { what: 'readiness' });
  });

  it('run as a user that may write to /tmp and the volume alone', async () => {
    for (const image of [parley, engine]) {
      expect(await image.succeeds(['sh', '-c', 'test $(id -u) = 10001'])).toBe(true);
      expect(await image.succeeds(['sh', '-c', 'touch /tmp/file'])).toBe(true);
      expect(await image.succeeds(['sh', '-c', 'touch /var/tmp/file'])).toBe(false);
    }
    expect(await parley.succeeds(['sh', '-c', 'touch /data/file'])).toBe(true);
  });

  it('have the media worker', async () => {
    await until(
      async () => /^parley_media_workers [1-9]/m.test(await (await fetch(`${parleyUrl}/metrics`)).text()),
      { what: 'a media worker' },
    );
  });

  it('turn a recording into its result', async () => {
    const state = await workspace.state();
    const channel = state.channels.find(({ botIsMember }) => botIsMember)?.id ?? '';
    const ana = state.people.find(({ isBot }) => !isBot)?.id ?? '';
    const { id } = await workspace.upload(fixture('two-voices.wav'), ana);
    const root = await workspace.post({ channel, as: ana, text: 'Garden plan', files: [id] });
    const [result] = await workspace.results(channel, root.ts);
    expect(shownText(result!)).toContain('garden');
    // The chart, drawn in the image.
    expect(JSON.stringify(result!.blocks)).toContain('slack_file');
  });

  it('end in order at SIGTERM', async () => {
    expect(await parley.stop()).toBe(0);
    expect(await engine.stop()).toBe(0);
  });
});
