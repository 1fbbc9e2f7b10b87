import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../src/clock.ts';
import type { ConversationId, MemberId } from '../../src/core/ids.ts';
import type { MeetingPerson } from '../../src/core/ports.ts';
import { CHANNEL_SERVER_OPTIONS, createRooms, type Workers } from '../../src/media/index.ts';
import { until } from '../support/until.ts';
import { describeRooms } from './rooms.contract.ts';
import { connect } from './signalling/support.ts';
import { opus, silentLog, startWorkers } from './support.ts';

let workers: Workers;
beforeAll(async () => {
  workers = await startWorkers(1);
});
afterAll(() => workers.close());

describeRooms('the Rooms port over mediasoup', async () => {
  let missing: string | null = null;
  const rooms = createRooms({
    workers: () => (missing === null ? workers : { missing }),
    iceServers: () => [],
    secret: new Uint8Array(32),
    clock: systemClock,
    log: silentLog,
  });
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, ...CHANNEL_SERVER_OPTIONS });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.on('connection', (ws, request) => {
    const query = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const person = JSON.parse(query.get('person')!) as MeetingPerson;
    const browser = query.get('browser');
    rooms.serve(query.get('id') as ConversationId, ws, { person, browser, mustResume: false });
  });
  let browsers = 0;

  return {
    rooms,
    async join(id, person) {
      browsers += 1;
      const query = new URLSearchParams({ id, person: JSON.stringify(person), browser: `${browsers}` });
      const page = await connect(`ws://127.0.0.1:${port}/?${query.toString()}`);
      const welcome = await until(() => page.notificationsOf('welcome')[0] ?? (page.isClosed() && 'closed'));
      if (welcome === 'closed') throw new Error('the room is not open');
      const { peers, call } = await page.request('join', { rtpCapabilities: welcome.rtpCapabilities });
      await page.request('createTransport', { direction: 'send' });
      let producerId: string | null = null;
      const joined = () => [...peers, ...page.notificationsOf('peerJoined').map(({ peer }) => peer)];
      return {
        consent: async (accepted) => void (await page.request('consent', { accepted })),
        async openMicrophone() {
          const stream = { source: 'microphone', rtpParameters: opus(), paused: false } as const;
          ({ producerId } = await page.request('produce', stream));
        },
        closeMicrophone: async () => void (await page.request('closeProducer', { producerId: producerId! })),
        async leave() {
          await page.request('leave', {});
          await page.closed();
        },
        requestPhone: async (number) => void (await page.request('addPhone', { number })),
        hangUp: async (legId) => void (await page.request('hangUpPhone', { legId })),
        switchCaptions: async (on) => void (await page.request('setCaptions', { on })),
        async removePerson(personId: MemberId) {
          const name = personId.startsWith('phone:') ? 'A phone' : personId;
          const peer = await until(() =>
            joined().find((each) => each.name.toLowerCase() === name.toLowerCase()),
          );
          await page.request('removePeer', { peerId: peer.peerId });
        },
        end: async () => void (await page.request('end', {})),
        captions: () => page.notificationsOf('caption').map(({ caption }) => caption),
        call: () => page.notificationsOf('call').at(-1)?.call ?? call,
      };
    },
    makeUnavailable(sentence) {
      missing = sentence;
    },
    async close() {
      rooms.close();
      for (const ws of server.clients) ws.terminate();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
});
