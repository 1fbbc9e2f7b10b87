import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { ProbeRequestName, ProbeResponses } from '../../../src/media/connectivity/messages.ts';
import type { ResponseTo } from '../../../src/media/request-channel.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { startDoctorServer } from '../../doctor/support/doctor-server.ts';
import { until } from '../../support/until.ts';
import { opus, startWorkers } from '../support.ts';

type ProbeResponse = ResponseTo<ProbeResponses[ProbeRequestName]>;

let workers: Workers | { readonly missing: string };
let real: Workers;
let server: Awaited<ReturnType<typeof startDoctorServer>>;
const open: WebSocket[] = [];

beforeAll(async () => {
  real = await startWorkers(1);
  workers = real;
  server = await startDoctorServer({ workers: () => workers });
});
afterAll(async () => {
  await server?.close();
  real?.close();
});
afterEach(async () => {
  workers = real;
  for (const ws of open.splice(0)) ws.terminate();
});

/** A page of this link, with what it was answered and how it ended. */
const connect = async (link: string) => {
  const ws = new WebSocket(`${link.replace('http', 'ws')}/socket`);
  open.push(ws);
  const answers: ProbeResponse[] = [];
  const ended = new Promise<number | string>((resolve) => {
    ws.on('error', (error) => resolve(error.message));
    ws.on('close', (code) => resolve(code));
  });
  ws.on('message', (data) => answers.push(JSON.parse((data as Buffer).toString()) as ProbeResponse));
  await Promise.race([new Promise((resolve) => ws.once('open', resolve)), ended]);
  let asked = 0;
  return {
    ws,
    ended,
    async request(request: string, data: object = {}): Promise<ProbeResponse> {
      asked += 1;
      const id = asked;
      ws.send(JSON.stringify({ id, request, ...data }));
      return until(() => answers.find(({ response }) => response === id), {
        what: `a response to ${request}`,
      });
    },
  };
};

describe('who may test a connection', () => {
  it('is who has a link, and no one else', async () => {
    const stranger = `${server.base}/doctor/nonsense`;
    expect((await fetch(stranger)).status).toBe(403);
    expect((await fetch(`${stranger}/about`)).status).toBe(403);
    expect(await (await connect(stranger)).ended).toMatch(/403/);
    const late = await server.link(Date.now() - 3_600_000);
    expect((await fetch(late)).status).toBe(403);
    expect(await (await connect(late)).ended).toMatch(/403/);
  });

  it('learns with a link whether meetings can be held', async () => {
    const about = async () => (await fetch(`${await server.link()}/about`)).json();
    expect(await about()).toMatchObject({ parley: true, meetingsMissing: null });
    workers = { missing: 'Meetings need a worker.' };
    expect(await about()).toMatchObject({ meetingsMissing: 'Meetings need a worker.' });
    const page = await connect(await server.link());
    expect(await page.request('begin', { way: 'udp' })).toMatchObject({
      ok: false,
      error: { sentence: 'Meetings need a worker.' },
    });
  });

  it('has two sockets at once', async () => {
    const link = await server.link();
    await connect(link);
    await connect(link);
    expect(await (await connect(link)).ended).toBe(1013);
    // Others are not kept out by that.
    expect(await (await connect(await server.link())).request('ping')).toMatchObject({ ok: true });
  });
});

describe('what a page may ask', () => {
  it('is one way at a time: each has addresses of its own protocol alone', async () => {
    const page = await connect(await server.link());
    const protocols = async (way: string) => {
      const begun = await page.request('begin', { way });
      const { data } = begun as unknown as { data: { send: { iceCandidates: { protocol: string }[] } } };
      return data.send.iceCandidates.map(({ protocol }) => protocol);
    };
    expect(await protocols('udp')).toEqual(['udp']);
    expect(await protocols('tcp')).toEqual(['tcp']);
    expect(await protocols('relay')).toEqual(['udp']);
    expect(await page.request('ways')).toMatchObject({ data: { ways: ['udp', 'tcp'] } });
  });

  it('is refused with a sentence in the wrong order, twice, and with media that is none', async () => {
    const page = await connect(await server.link());
    expect(await page.request('count')).toMatchObject({ error: { code: 'wrong-order' } });
    await page.request('begin', { way: 'udp' });
    const rtpCapabilities = { codecs: [] };
    expect(await page.request('receive', { rtpCapabilities })).toMatchObject({
      error: { code: 'wrong-order' },
    });
    const foreign = { codecs: [{ mimeType: 'audio/none', payloadType: 1, clockRate: 8_000 }] };
    expect(await page.request('send', { rtpParameters: foreign })).toMatchObject({
      error: { sentence: expect.stringContaining('isn’t supported') },
    });
    expect(await page.request('send', { rtpParameters: opus() })).toMatchObject({ ok: true });
    expect(await page.request('send', { rtpParameters: opus() })).toMatchObject({ ok: false });
    expect(await page.request('receive', { rtpCapabilities })).toMatchObject({ ok: false });
    expect(await page.request('count')).toMatchObject({ data: { receivedBytes: 0 } });
  });

  it('ends after nine tries, and leaves nothing behind in the worker', async () => {
    const page = await connect(await server.link());
    for (let turn = 0; turn < 9; turn += 1) {
      expect(await page.request('begin', { way: 'udp' })).toMatchObject({ ok: true });
    }
    expect(await page.request('begin', { way: 'udp' })).toMatchObject({ ok: false });
    page.ws.terminate();
    const home = await real.leastLoaded();
    const routers = async () => (await home!.worker.dump()).routerIds.length;
    await until(async () => (await routers()) === 0, { what: 'an empty worker' });
  });

  it.each([
    ['nonsense', 4400],
    [`{"id":1,"request":"ping","x":"${'y'.repeat(1_000_000)}"}`, 1009],
  ])('is nothing else: %.40s', async (text, code) => {
    const page = await connect(await server.link());
    page.ws.send(text);
    expect(await page.ended).toBe(code);
  });

  it.each([
    ['end', {}],
    ['begin', { way: 'pigeon' }],
  ])('is no request of another protocol, nor with other data: %s', async (request, data) => {
    const page = await connect(await server.link());
    expect(await page.request(request, data)).toMatchObject({ ok: false, error: { code: 'bad-request' } });
    expect(await page.request('ping')).toMatchObject({ ok: true });
  });

  it('is not asked as fast as one can', async () => {
    const page = await connect(await server.link());
    for (let turn = 0; turn < 100; turn += 1) page.ws.send('{"id":1,"request":"ping"}');
    expect(await page.ended).toBe(4429);
  });
});
