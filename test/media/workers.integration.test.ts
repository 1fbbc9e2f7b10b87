import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { obtainWorker } from '../../scripts/mediasoup-worker/obtain.ts';
import { AppError } from '../../src/core/error.ts';
import { createWorkers, type Workers } from '../../src/media/workers.ts';
import { freePort } from '../support/free-port.ts';
import { until } from '../support/until.ts';
import { silentLog, startWorkers } from './support.ts';

let workers: Workers | null = null;
afterEach(() => {
  workers?.close();
  workers = null;
});

const lives = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('media workers', () => {
  it('gives the least loaded one, and null when all are excepted', async () => {
    workers = await startWorkers(2);
    const first = await workers.leastLoaded();
    first?.addLoad(3);
    const second = await workers.leastLoaded();
    expect(second).not.toBe(first);
    second?.addLoad(4);
    expect(await workers.leastLoaded()).toBe(first);
    expect(await workers.leastLoaded(new Set([first!]))).toBe(second);
    expect(await workers.leastLoaded(new Set([first!, second!]))).toBeNull();
  });

  it('counts a router as load for as long as it lives', async () => {
    workers = await startWorkers(2);
    const first = await workers.leastLoaded();
    const router = await first!.worker.createRouter();
    const second = await workers.leastLoaded();
    expect(second).not.toBe(first);
    router.close();
    second?.addLoad(1);
    expect(await workers.leastLoaded()).toBe(first);
  });

  it('replaces a worker that was killed, on the same port, while someone waits for one', async () => {
    const obtained = await obtainWorker({ say: () => {} });
    const portBase = await freePort();
    workers = await createWorkers({
      workerBin: 'bin' in obtained ? obtained.bin : '',
      count: 1,
      listen: { ip: '127.0.0.1', portBase },
      log: silentLog,
    });
    const [pid = 0] = workers.pids();
    const dead = await workers.leastLoaded();
    process.kill(pid, 'SIGKILL');
    await until(() => workers?.pids().length === 0 || workers?.pids()[0] !== pid, { everyMs: 1 });
    const started = performance.now();
    const replacement = await workers.leastLoaded();
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(replacement?.worker.pid).not.toBe(pid);
    expect(replacement?.index).toBe(dead?.index);
    const { udpSockets, tcpServers } = await replacement!.webRtcServer.dump();
    expect([udpSockets[0]?.port, tcpServers[0]?.port]).toEqual([portBase, portBase]);
  });

  it('says which ports are taken when it cannot start, and leaves no process behind', async () => {
    const obtained = await obtainWorker({ say: () => {} });
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const failed = createWorkers({
      workerBin: 'bin' in obtained ? obtained.bin : '',
      count: 2,
      listen: { ip: '127.0.0.1', portBase: port },
      log: silentLog,
    });
    await expect(failed).rejects.toMatchObject({
      code: 'media-failed',
      userMessage: expect.stringContaining(`ports ${port} to ${port + 1}`),
    });
    taken.close();
  });

  it('does not start from a program that is no worker', async () => {
    const failed = createWorkers({
      workerBin: '/bin/false',
      count: 1,
      listen: { ip: '127.0.0.1' },
      log: silentLog,
    });
    await expect(failed).rejects.toBeInstanceOf(AppError);
  });

  it('ends its processes when closed, and does not replace them', async () => {
    workers = await startWorkers(2);
    const pids = workers.pids();
    expect(pids).toHaveLength(2);
    workers.close();
    workers.close();
    await until(() => pids.every((pid) => !lives(pid)));
    await expect(workers.leastLoaded()).rejects.toMatchObject({ code: 'media-failed' });
  });
});
