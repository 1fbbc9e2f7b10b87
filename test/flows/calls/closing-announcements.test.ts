import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createFailures } from '../../../sandbox/common/failures.ts';
import { PHONE_FAILURES } from '../../../sandbox/phones/failures.ts';
import { PARLEY_NUMBER } from '../../../sandbox/phones/seeded-phones.ts';
import { type Phones, startPhones } from '../../../sandbox/phones/server.ts';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import { SPOKEN } from '../../../src/core/calls/spoken.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, LegId, PhoneNumber } from '../../../src/core/ids.ts';
import type { LegAudioOutput, RoomOptions } from '../../../src/core/ports.ts';
import { createPhoneEvents } from '../../../src/flows/calls/phone-events.ts';
import { openTelephones, type Telephones } from '../../e2e/support/phones.ts';
import { silentLog } from '../../media/support.ts';
import { until } from '../../support/until.ts';
import { ACCOUNT, AUTH_TOKEN, type House, openHouse } from '../../telephony/support.ts';
import { ANN, telephoneStage } from '../support/phones.ts';

/** What telephones of the stand-in network hear at their end: flows, telephony and network are real, rooms are not. */
const stage = telephoneStage();
const LONDON = '+442079460000';
const FULL = 'This meeting is full: it takes 100 people.';
const failures = createFailures(PHONE_FAILURES);

/** Rooms that do nothing but take telephones, as many as they are told to. */
const createRooms = () => {
  const lines = new Map<LegId, LegAudioOutput>();
  let free = 0;
  const room = {
    setPendingPhones: () => {},
    sendTalkTime: () => {},
    stopCaptions: () => {},
    addPhone: async ({ legId, name }: { legId: LegId; name: string }, line: LegAudioOutput) => {
      if (free === 0) throw new AppError({ code: 'media-failed', retryable: false, userMessage: FULL });
      free -= 1;
      lines.set(legId, line);
      options!.on.joined(legId, 0, { personId: phonePersonId(legId), name, host: false });
      return { party: 0, receive: () => {}, decline: () => {}, leave: () => void lines.delete(legId) };
    },
    end: () => {
      for (const line of lines.values()) line.removed();
    },
    close: () => {},
  };
  let options: RoomOptions | null = null;
  return {
    open: async (_id: unknown, given: RoomOptions) => {
      options = given;
      return room as never;
    },
    lines,
    /** From now on there is room for so many. */
    takes: (places: number) => {
      free = places;
    },
  };
};

let phones: Phones;
let network: House;
let telephones: Telephones;
let at: ReturnType<typeof stage.house>;
const rooms = createRooms();

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
  network = await openHouse({
    itself: true,
    apiUrl: phones.url,
    callerId: PARLEY_NUMBER as PhoneNumber,
    pace: { lookAfterMs: 50 },
  });
  telephones = openTelephones(phones.url);
  await telephones.set(LONDON, { type: 'answer', afterMs: 0, turns: [], hangsUp: false });
  at = stage.house({ phone: network.telephony.phone, rooms: rooms.open, url: () => network.url });
  const calls = createPhoneEvents(at.ports);
  network.calls.answered.mockImplementation((...asked) => calls.answered(...asked));
  network.calls.handleEvent.mockImplementation((...told) => calls.handleEvent(...told));
  network.calls.dialledIn.mockImplementation((...asked) => calls.dialledIn(...asked));
  network.calls.pinEntered.mockImplementation((...told) => calls.pinEntered(...told));
  network.calls.connect.mockImplementation((...asked) => calls.connect(...asked));
  await stage.tend(at);
});
beforeEach(() => rooms.takes(1));
afterAll(async () => {
  await at.live.close();
  await phones.close();
  await network.close();
});

/** A meeting into which a telephone is rung. */
const rung = async () => {
  const conversation = await stage.begun('meeting');
  const legId = await stage.withLeg(at, conversation, 'added');
  await stage.transact((tx) => tx.enqueue({ name: 'dial-leg', legId }));
  return { ...conversation, legId };
};
/** Once it has its place. */
const isIn = (legId: LegId): Promise<unknown> =>
  until(() => rooms.lines.has(legId), { what: 'it has its place' });
/** What was said to it from its answer to its end. */
const toldInAll = async (): Promise<readonly string[]> => (await telephones.free(LONDON)).lastSpoken;
const isOver = (legId: LegId): Promise<unknown> =>
  until(async () => (await stage.legOf(legId)).state.name === 'ended', { what: 'the end of the leg' });

describe('a telephone for which there is no place', () => {
  it.each(['is rung', 'dials in'] as const)('hears why when it %s, and is hung up', async (how) => {
    rooms.takes(0);
    const legOf = async (id: ConversationId) => (await stage.transact((tx) => tx.legsOf(id)))[0];
    let id: ConversationId;
    if (how === 'is rung') ({ id } = await rung());
    else {
      ({ id } = await stage.begun('meeting'));
      await stage.transact((tx) => tx.givePin(id, ['123456789']));
      await telephones.dialIn(LONDON, '123456789#');
    }
    await until(async () => (await legOf(id))?.state.name === 'ended', { what: 'the end of the leg' });
    const told = await toldInAll();
    expect(told.slice(-2)).toEqual([FULL, SPOKEN.tryLater]);
    expect(told).not.toContain(SPOKEN.broken);
    expect((await legOf(id))?.state).toMatchObject({ how: 'room-full', reason: FULL });
  });

  it('hears it when it was brought back, and the meeting became full meanwhile', async () => {
    failures.set(['phone-stream-breaks:1']);
    const { legId } = await rung();
    await isOver(legId);
    expect((await toldInAll()).slice(-3)).toEqual([SPOKEN.again, FULL, SPOKEN.tryLater]);
  });
});

describe('a telephone that our side hangs up', () => {
  it('hears that it was hung up when its place is taken away', async () => {
    const { legId } = await rung();
    await isIn(legId);
    rooms.lines.get(legId)!.removed();
    await isOver(legId);
    const told = await toldInAll();
    expect(told.at(-1)).toBe(SPOKEN.hungUp);
    expect(told).not.toContain(SPOKEN.broken);
    expect((await stage.legOf(legId)).state).toMatchObject({ how: 'hung-up' });
  });

  it('hears that it is over when it ends for everybody', async () => {
    const { id, legId } = await rung();
    await isIn(legId);
    at.live.end(id, ANN);
    await isOver(legId);
    const told = await toldInAll();
    expect(told.at(-1)).toBe(SPOKEN.over);
    expect(told).not.toContain(SPOKEN.broken);
  });
});
