import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { type Phones, startPhones } from '../../../sandbox/phones/server.ts';
import { systemClock } from '../../../src/clock.ts';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, LegId, PhoneNumber } from '../../../src/core/ids.ts';
import type { Store } from '../../../src/core/ports.ts';
import { createFlows, type Flows, MEETING_TIMING } from '../../../src/flows/index.ts';
import { openPhoneControl, type PhoneControl } from '../../e2e/support/phones.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { createMemoryRooms } from '../../fakes/memory-rooms.ts';
import { createMemorySpeech } from '../../fakes/memory-speech.ts';
import { createMemoryStorage } from '../../fakes/memory-storage.ts';
import { silentLog } from '../../media/support.ts';
import { channelId, meeting, memberId, messageId, workspaceId } from '../../storage/support/samples.ts';
import { until } from '../../support/until.ts';
import { ACCOUNT, AUTH_TOKEN, openTestServer, type TestServer } from '../../telephony/support.ts';
import { ALLOWING_ALL } from '../support/stage.ts';

/** What phones of the simulated network hear at their end: flows, telephony and network are real, the rest is memory. */

const ANA = memberId('U1');
const LONDON = '+442079460000' as PhoneNumber;
const FULL = 'This meeting is full.';
const failures = createFailures(PHONE_FAILURES);
const rooms = createMemoryRooms();
/** How many more phones the rooms admit. */
let places = 0;
const storage = createMemoryStorage(systemClock);
const transact: Store['transact'] = (work) => storage.store.transact(work);

let phones: Phones;
let network: TestServer;
let control: PhoneControl;
let flows: Flows;

beforeAll(async () => {
  phones = await startPhones({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    parleyNumber: PARLEY_NUMBER,
    incomingUrl: () => `${network.url}/telephony/incoming`,
    failures,
    timing: { charactersPerSecond: 400, ringAfterMs: 1, detectMs: 20, greetingMs: 100 },
    log: silentLog,
  });
  network = await openTestServer({
    itself: true,
    apiUrl: phones.url,
    callerId: PARLEY_NUMBER as PhoneNumber,
    timings: { lookupDelayMs: 50 },
    clock: systemClock,
  });
  control = openPhoneControl(phones.url);
  await control.set(LONDON, { type: 'answer', afterMs: 0, turns: [], hangsUp: false });
  flows = createFlows({
    store: storage.store,
    chat: createMemoryChat(),
    links: { open: () => Promise.reject(new Error('no links here')) },
    speech: createMemorySpeech({ clock: systemClock }),
    charts: { pie: async () => new Uint8Array([1]) },
    rooms: {
      unavailableReason: () => null,
      async open(id, options) {
        const room = await rooms.open(id, options);
        const addPhone = room.addPhone.bind(room);
        room.addPhone = async (phone, output) => {
          if (places === 0) {
            throw new AppError({ code: 'media-failed', retryable: false, userMessage: FULL });
          }
          places -= 1;
          return addPhone(phone, output);
        };
        return room;
      },
    },
    clock: systemClock,
    log: silentLog,
    newId: () => randomUUID() as ConversationId,
    sampleUrl: async () => null,
    linkTo: async (base) => base,
    instance: { id: 'one', url: () => network.url },
    timing: { ...MEETING_TIMING, graceMs: 60_000 },
    calls: {
      phone: network.telephony.phone,
      plan: { callerId: PARLEY_NUMBER as PhoneNumber, countries: ['GB'], defaultCountry: 'GB' },
      limits: ALLOWING_ALL,
      newLegId: () => randomUUID() as LegId,
      random: Math.random,
    },
  });
  const { phoneEvents } = flows;
  network.events.answered.mockImplementation((...asked) => phoneEvents.answered(...asked));
  network.events.handleEvent.mockImplementation((...told) => phoneEvents.handleEvent(...told));
  network.events.dialledIn.mockImplementation((...asked) => phoneEvents.dialledIn(...asked));
  network.events.pinEntered.mockImplementation((...told) => phoneEvents.pinEntered(...told));
  network.events.connect.mockImplementation((...asked) => phoneEvents.connect(...asked));
  await storage.queue.work(flows.handlers, { concurrency: 1 });
});
beforeEach(() => {
  failures.set([]);
  places = 1;
});
afterAll(async () => {
  await flows.meetings.close();
  await storage.queue.stop(0);
  await phones.close();
  await network.close();
});

/** A meeting that is hosted, with its PIN. */
const openMeeting = async () => {
  const id = randomUUID() as ConversationId;
  const thread = { workspaceId, channelId, rootId: messageId(id) };
  await transact(async (tx) => {
    await tx.addConversation(meeting(id, { thread, host: ANA }), id);
    await tx.givePin(id, [String(Math.floor(1e8 + Math.random() * 9e8))]);
  });
  await flows.meetings.host(id);
  const room = rooms.room(id);
  const leg = async () => (await transact((tx) => tx.legsOf(id)))[0];
  return {
    id,
    room,
    leg,
    async callPhone() {
      const host = room.join({ personId: ANA, name: 'Ana', host: true });
      await host.requestPhone(LONDON);
      return host;
    },
    dialIn: async () => control.dialIn(LONDON, `${await transact((tx) => tx.pinOf(id))}#`),
    isConnected: () =>
      until(() => room.participants.some(({ person }) => person.personId.startsWith('phone:')), {
        what: 'it is connected',
      }),
    isOver: () => until(async () => (await leg())?.state.name === 'ended', { what: 'the end of the leg' }),
  };
};
/** What was spoken to the phone from its answer to its end. */
const spoken = async (): Promise<readonly string[]> => (await control.idle(LONDON)).lastSpoken;

describe('a phone for which the room is full', () => {
  it.each(['is called', 'dials in'] as const)('hears why when it %s, and is hung up', async (how) => {
    const at = await openMeeting();
    places = 0;
    await (how === 'is called' ? at.callPhone() : at.dialIn());
    await at.isOver();
    const said = await spoken();
    expect(said.slice(-2)).toEqual([FULL, SPOKEN.tryLater]);
    expect(said).not.toContain(SPOKEN.broken);
    expect((await at.leg())?.state).toMatchObject({ how: 'room-full', reason: FULL });
  });

  it('hears it when it reconnects, and the meeting became full meanwhile', async () => {
    failures.set(['phone-stream-breaks:1']);
    const at = await openMeeting();
    await at.callPhone();
    await at.isOver();
    expect((await spoken()).slice(-3)).toEqual([SPOKEN.again, FULL, SPOKEN.tryLater]);
  });
});

describe('a phone that our side hangs up', () => {
  it('hears that it was hung up when the host removes it', async () => {
    const at = await openMeeting();
    const host = await at.callPhone();
    await at.isConnected();
    host.remove(at.room.phone((await at.leg())!.id));
    await at.isOver();
    const said = await spoken();
    expect(said.at(-1)).toBe(SPOKEN.hungUp);
    expect(said).not.toContain(SPOKEN.broken);
    expect((await at.leg())?.state).toMatchObject({ how: 'hung-up' });
  });

  it('hears that it is over when it ends for everyone', async () => {
    const at = await openMeeting();
    await at.callPhone();
    await at.isConnected();
    expect(await flows.requests.endMeeting(at.id, ANA)).toEqual({ outcome: 'accepted' });
    await at.isOver();
    const said = await spoken();
    expect(said.at(-1)).toBe(SPOKEN.over);
    expect(said).not.toContain(SPOKEN.broken);
  });
});
