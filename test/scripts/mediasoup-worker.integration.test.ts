import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exclusively } from '../../scripts/mediasoup-worker/lock.ts';
import { obtainWorker } from '../../scripts/mediasoup-worker/obtain.ts';
import { mediasoupDir, runs, workerKey } from '../../scripts/mediasoup-worker/recipe.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

let directory: string;
let remove: () => void;
beforeEach(() => {
  ({ directory, remove } = temporaryDirectory());
});
afterEach(() => remove());

/** A directory of shell scripts in place of the machine’s programs. */
const machine = (programs: Readonly<Record<string, string>>): string => {
  const bin = path.join(directory, 'bin');
  mkdirSync(bin);
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return bin;
};

/** mediasoup’s package as installed, without a worker that the real one may have. */
const packageWithoutWorker = (): string => {
  const bare = path.join(directory, 'mediasoup');
  mkdirSync(bare);
  for (const file of ['package.json', 'npm-scripts.mjs']) {
    symlinkSync(path.join(mediasoupDir(), file), path.join(bare, file));
  }
  return bare;
};

/** The sentence about the missing worker. Fails when there is one. */
const missing = async (env: NodeJS.ProcessEnv, lines: string[] = []): Promise<string> => {
  const obtained = await obtainWorker({
    env: { XDG_CACHE_HOME: directory, ...env },
    packageDir: packageWithoutWorker(),
    download: false,
    say: (line) => void lines.push(line),
  });
  if (!('missing' in obtained)) throw new Error(`a worker was obtained: ${obtained.bin}`);
  return obtained.missing;
};

/** The worker that all tests of media run on. */
const realWorker = async (): Promise<string> => {
  const obtained = await obtainWorker({ say: () => {} });
  if ('missing' in obtained) throw new Error(obtained.missing);
  return obtained.bin;
};

describe('obtaining the media worker', () => {
  it('recognizes a worker that runs, other programs and missing files', async () => {
    expect(await runs(await realWorker())).toBe(true);
    expect(await runs('/bin/true')).toBe(false);
    expect(await runs(path.join(directory, 'nothing'))).toBe(false);
  });

  it('uses the one that is named, and reports when that does not run', async () => {
    const bin = await realWorker();
    const lines: string[] = [];
    const env = { MEDIASOUP_WORKER_BIN: bin };
    expect(await obtainWorker({ env, say: (line) => void lines.push(line) })).toEqual({ bin });
    expect(lines).toEqual([]);
    expect(await missing({ MEDIASOUP_WORKER_BIN: '/bin/true' })).toBe(
      'Meetings need the program mediasoup-worker, which is missing. MEDIASOUP_WORKER_BIN doesn’t name one that ' +
        'runs on this machine. Correct or remove it. Then restart Parley.',
    );
  });

  it('uses the cached one, silently', async () => {
    const cache = path.join(directory, 'parley/mediasoup-worker');
    const bin = path.join(cache, workerKey(mediasoupDir()));
    mkdirSync(cache, { recursive: true });
    copyFileSync(await realWorker(), bin);
    chmodSync(bin, 0o755);
    const lines: string[] = [];
    const options = { env: { XDG_CACHE_HOME: directory }, packageDir: packageWithoutWorker() };
    expect(await obtainWorker({ ...options, say: (line) => void lines.push(line) })).toEqual({ bin });
    expect(lines).toEqual([]);
  });

  it('downloads the prebuilt one with mediasoup’s own installer, into its cache only', async () => {
    const bin = await realWorker();
    const flags = ['-C', path.dirname(bin), '--transform=s/.*/mediasoup-worker/', '-czf', '-'];
    const archive = spawnSync('tar', flags.concat(path.basename(bin))).stdout;
    const requests: string[] = [];
    const server = createServer((request, response) => {
      requests.push(request.url ?? '');
      response.end(archive);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const packageDir = packageWithoutWorker();
      const obtained = await obtainWorker({
        env: {
          PATH: process.env.PATH,
          XDG_CACHE_HOME: directory,
          MEDIASOUP_WORKER_PREBUILT_DOWNLOAD_BASE_URL: `http://127.0.0.1:${port}`,
        },
        packageDir,
        say: () => {},
      });
      const cache = path.join(directory, 'parley/mediasoup-worker');
      expect(obtained).toEqual({ bin: path.join(cache, workerKey(packageDir)) });
      expect(requests).toEqual([expect.stringMatching(/^\/3\.[\d.]+\/mediasoup-worker-.*\.tgz$/)]);
      expect(readdirSync(packageDir).sort()).toEqual(['npm-scripts.mjs', 'package.json']);
      expect(readdirSync(cache).sort()).toEqual([workerKey(packageDir), 'lock']);
    } finally {
      server.close();
    }
  });

  it('says what to do where there are no Debian packages', async () => {
    expect(await missing({ PATH: machine({}) })).toMatch(/only on Debian .* MEDIASOUP_WORKER_BIN/);
  });

  it('names the packages that are missing and how to install them', async () => {
    const PATH = machine({
      'dpkg-query': 'echo "g++ installed"; echo "cmake not-installed"; exit 1',
      'apt-get': 'exit 100',
    });
    expect(await missing({ PATH })).toMatch(/“apt-get install cmake ninja-build .*flatbuffers-compiler”/);
  });

  it('names the file with the compiler’s output when the build fails', async () => {
    const PATH = machine({
      'dpkg-query': 'shift 2; for name; do echo "$name installed"; done',
      nice: 'echo "no space left"; exit 1',
    });
    const lines: string[] = [];
    const sentence = await missing({ PATH }, lines);
    expect(sentence).toMatch(/Building it failed\. Fix the problem that .*\.log shows\./);
    expect(lines).toEqual(['building the media worker for meetings (once, a few minutes)…']);
  });
});

describe('two processes that need the worker at once', () => {
  it('obtain it one after the other, and the second reports that it waits', async () => {
    const order: string[] = [];
    const { promise: finish, resolve } = Promise.withResolvers<void>();
    const first = exclusively(directory, { waiting: () => order.push('first waits') }, async () => {
      order.push('first begins');
      await finish;
      order.push('first ends');
    });
    await until(() => order.includes('first begins'));
    const second = exclusively(directory, { waiting: () => order.push('second waits') }, async () => {
      order.push('second begins');
    });
    await until(() => order.includes('second waits'));
    resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['first begins', 'second waits', 'first ends', 'second begins']);
  });

  it('do not wait for one that failed', async () => {
    const failed = exclusively(directory, { waiting: () => {} }, async () => {
      throw new Error('no');
    });
    await expect(failed).rejects.toThrow('no');
    expect(await exclusively(directory, { waiting: () => {} }, async () => 'mine')).toBe('mine');
  });
});
