import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LegEvent } from '../../src/core/calls/types.ts';
import type { Job } from '../../src/core/conversation/types.ts';
import { AppError } from '../../src/core/error.ts';
import type { LegId, ProviderCallId, RecordingId } from '../../src/core/ids.ts';
import type { Phone, Store } from '../../src/core/ports.ts';
import { dialLegHandler } from '../../src/flows/calls/dial-leg.ts';
import { createCalls } from '../../src/flows/calls/network.ts';
import { createCallRequests } from '../../src/flows/calls/requests.ts';
import { tendLegHandler } from '../../src/flows/calls/tend-leg.ts';
import { openMeetingHandler } from '../../src/flows/meetings/jobs.ts';
import { applyLegEvent, endMeeting } from '../../src/flows/meetings/legs.ts';
import { createLiveMeetings } from '../../src/flows/meetings/live-meetings.ts';
import { legFor, ringInto } from '../../src/flows/meetings/ring.ts';
import type { CallParts, FlowParts } from '../../src/flows/parts.ts';
import { MEETING_PACE } from '../../src/flows/parts.ts';
import { openStorage, type Storage } from '../../src/storage/index.ts';
import { silentLog } from '../media/support.ts';
import { channelId, meeting, memberId, messageId, workspaceId } from '../storage/support/samples.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** What happens between two steps of a telephone's life, with the real database and nothing else. */
const CALL = 'CA1' as ProviderCallId;
const RECORDING = 'RE1' as RecordingId;
const ANN = memberId('U1');
const LONDON = '+442079460000' as never;
const ended = { type: 'ended', how: 'hung-up', reason: null } as const;

const directory = temporaryDirectory();
let storage: Storage;
beforeAll(async () => {
  storage = await openStorage({ dataDir: directory.directory, clock: { nowMs: Date.now }, log: silentLog });
});
afterAll(async () => {
  await storage.queue.stop(0);
  await storage.close();
  directory.remove();
});

const unwanted = (what: string) => (): never => {
  throw new Error(`nobody was to ask for ${what}`);
};

/** The flows over the database. Whatever else they may ask is said by each test. */
const house = (
  over: {
    phone?: Partial<Phone>;
    calls?: null;
    rooms?: () => Promise<never>;
    missing?: () => string | null;
    memberName?: () => Promise<string>;
  } = {},
) => {
  const jobs: Job[] = [];
  let failing: 'next' | 'finals-stored' | null = null;
  const store: Store = {
    ...storage.store,
    transact: (work) =>
      storage.store.transact((tx) =>
        work({
          ...tx,
          saveLeg: async (leg) => {
            if (failing === 'next') {
              failing = null;
              throw new AppError({ code: 'unexpected', retryable: true, userMessage: 'Away.' });
            }
            await tx.saveLeg(leg);
          },
          saveConversation: async (conversation) => {
            if (failing === 'finals-stored' && conversation.state.name === 'ended') {
              throw new AppError({ code: 'unexpected', retryable: false, userMessage: 'Never.' });
            }
            await tx.saveConversation(conversation);
          },
          enqueue: async (job, options) => {
            jobs.push(job);
            await tx.enqueue(job, options);
          },
        }),
      ),
  };
  const phone = {
    missing: () => null,
    find: unwanted('find'),
    dial: unwanted('dial'),
    deleteRecording: unwanted('deleteRecording'),
    ...over.phone,
  } as unknown as Phone;
  const calls: CallParts = {
    phone,
    plan: { callerId: '+442079460100' as never, countries: ['GB'], defaultCountry: 'GB' },
    limits: { perMember: 1e6, perChannel: 1e6, perWorkspace: 1e6, atOnce: 1e6, longestMs: 60_000 },
    newLegId: () => randomUUID() as LegId,
    random: Math.random,
  };
  const parts = {
    store,
    clock: { nowMs: Date.now },
    log: silentLog,
    chat: {
      memberName: over.memberName ?? (async () => 'Ann'),
      whisper: async () => {},
      edit: async () => {},
    },
    calls: over.calls === null ? null : calls,
    meetings: {
      holder: 'one',
      url: () => 'https://parley.example',
      graceMs: 60_000,
      monotonicMs: () => performance.now(),
      pace: { ...MEETING_PACE, leaseMs: 1_000, renewEveryMs: 100 },
      rooms: { missing: over.missing ?? (() => null), open: over.rooms ?? unwanted('a room') },
    },
  } as unknown as FlowParts;
  const live = createLiveMeetings(parts);
  return {
    parts,
    store,
    jobs,
    calls,
    live,
    /** The database is away as the next telephone is saved. */
    failNext: () => {
      failing = 'next';
    },
    failFor: (what: 'finals-stored') => {
      failing = what;
    },
  };
};

/** A call, or a meeting, whose card is in the channel. */
const begun = async (kind: 'call' | 'meeting' = 'call') => {
  const id = randomUUID();
  const thread = { workspaceId, channelId, rootId: messageId(id) };
  const conversation = meeting(id, { kind, thread, state: { name: 'open' } });
  await storage.store.transact((tx) => tx.addConversation(conversation, id));
  return conversation;
};
const withLeg = async (
  { calls }: ReturnType<typeof house>,
  conversation: Awaited<ReturnType<typeof begun>>,
  role: 'far' | 'own' | 'added',
  ...events: LegEvent[]
): Promise<LegId> => {
  const wanted = { role, number: LONDON, name: 'Ben', memberId: null } as const;
  const leg = legFor(calls, conversation, wanted, { by: ANN, nowMs: Date.now() });
  await storage.store.transact(async (tx) => {
    await tx.addLeg(leg);
    for (const event of events) await applyLegEvent(tx, leg.id, event, Date.now());
  });
  return leg.id;
};
const legOf = (id: LegId) => storage.store.transact(async (tx) => (await tx.leg(id))!);
const stateOf = (conversation: { id: never } | Awaited<ReturnType<typeof begun>>) =>
  storage.store.transact(async (tx) => (await tx.conversation(conversation.id))?.state.name);

const job = { attempt: 1, signal: new AbortController().signal };

describe('a telephone that is to be rung', () => {
  it('is not, into a meeting that ended as it was asked for', async () => {
    const at = house();
    const conversation = await begun('meeting');
    await storage.store.transact((tx) => endMeeting(tx, conversation.id, { by: null, atMs: Date.now() }));
    expect(await ringInto(at.parts, conversation, ANN, '+44 20 7946 0000')).toMatch(/This meeting has ended/);
    expect(await storage.store.transact((tx) => tx.legsOf(conversation.id))).toEqual([]);
    expect(at.jobs).toEqual([]);
  });

  it('is not, when it was hung up while Parley was away', async () => {
    const at = house({ phone: { find: async () => null } });
    const conversation = await begun();
    const legId = await withLeg(at, conversation, 'far', { type: 'dial-started' }, { type: 'hang-up-asked' });
    await dialLegHandler(at.parts, at.live).run({ name: 'dial-leg', legId }, job);
    expect((await legOf(legId)).state).toMatchObject({ name: 'ended', how: 'cancelled' });
  });

  it('is hung up by its tender, when it was hung up while Parley was away and rings all the same', async () => {
    const at = house({ phone: { find: async () => CALL } });
    const conversation = await begun();
    const legId = await withLeg(at, conversation, 'far', { type: 'dial-started' }, { type: 'hang-up-asked' });
    await dialLegHandler(at.parts, at.live).run({ name: 'dial-leg', legId }, job);
    expect(await legOf(legId)).toMatchObject({ callId: CALL, hangUpAsked: true });
    expect(at.jobs).toContainEqual({ name: 'tend-leg', legId });
  });

  it('is counted no longer when its call has no card', async () => {
    const at = house();
    const id = randomUUID();
    const conversation = meeting(id, { kind: 'call', thread: null, state: { name: 'opening' } });
    await storage.store.transact((tx) => tx.addConversation(conversation, id));
    const legs = [await withLeg(at, conversation, 'own'), await withLeg(at, conversation, 'far')];
    const error = new AppError({ code: 'unexpected', retryable: false, userMessage: 'No.' });
    await openMeetingHandler(at.parts, at.live).gaveUp(
      { name: 'open-meeting', conversationId: conversation.id },
      error,
    );
    expect(await stateOf(conversation)).toBe('failed');
    for (const leg of legs) expect((await legOf(leg)).endedAtMs).not.toBeNull();
  });

  it('is called off by whoever hangs up their own before it is answered', async () => {
    const at = house();
    const conversation = await begun();
    const own = await withLeg(at, conversation, 'own', { type: 'answered' });
    const far = await withLeg(at, conversation, 'far', { type: 'ringing' });
    await storage.store.transact((tx) => applyLegEvent(tx, own, ended, Date.now()));
    expect(await stateOf(conversation)).toBe('ended');
    expect((await legOf(far)).hangUpAsked).toBe(true);
  });

  it('rings on when the caller came by browser meanwhile', async () => {
    const at = house();
    const conversation = await begun();
    const own = await withLeg(at, conversation, 'own', { type: 'answered' });
    const far = await withLeg(at, conversation, 'far', { type: 'ringing' });
    await storage.store.transact(async (tx) => {
      await tx.saveMeetingParty(conversation.id, 0, { personId: ANN, name: 'Ann' });
      await applyLegEvent(tx, own, ended, Date.now());
    });
    expect(await stateOf(conversation)).toBe('open');
    expect((await legOf(far)).hangUpAsked).toBe(false);
  });
});

describe('a telephone in a call', () => {
  it('is over when there is no telephone network any more', async () => {
    const at = house({ calls: null });
    const conversation = await begun('meeting');
    const legId = await withLeg(at, conversation, 'added', { type: 'answered' });
    await tendLegHandler(at.parts, at.live).run({ name: 'tend-leg', legId }, job);
    expect((await legOf(legId)).state).toMatchObject({ name: 'ended', how: 'failed' });
  });

  it('is hung up although the meeting cannot be opened here, and the process stays well', async () => {
    const opening = Promise.withResolvers<never>();
    const at = house({ rooms: () => opening.promise });
    const conversation = await begun();
    const legId = await withLeg(at, conversation, 'far', { type: 'dialled', callId: CALL });
    const carrying = at.live.carry(conversation.id);
    const hungUp = createCallRequests(at.parts, at.live).hangUp(conversation.id, workspaceId, ANN);
    expect(await hungUp).toEqual({ outcome: 'accepted' });
    // Stored before it is acknowledged, whatever becomes of the room.
    expect(await stateOf(conversation)).toBe('ending');
    expect((await legOf(legId)).hangUpAsked).toBe(true);
    opening.reject(new AppError({ code: 'unexpected', retryable: true, userMessage: 'No worker.' }));
    await expect(carrying).rejects.toThrow();
  });
});

/** Carried here, in a room that does nothing but take telephones. */
const carried = async (
  kind: 'call' | 'meeting',
  phone: Partial<Phone> = {},
  more: Parameters<typeof house>[0] = {},
) => {
  const told: string[] = [];
  const room = {
    phonesOutside: () => {},
    talkTime: () => {},
    stopCaptions: () => void told.push('captions stopped'),
    addPhone: async () => ({
      party: 0,
      heard: () => {},
      declined: () => void told.push('declined'),
      leave: () => void told.push('left'),
    }),
    end: () => void told.push('ended'),
    close: () => void told.push('closed'),
  };
  const at = house({ phone, rooms: async () => room as never, ...more });
  const conversation = await begun(kind);
  const role = kind === 'call' ? 'far' : 'added';
  const dialled = { type: 'dialled', callId: CALL } as const;
  const legId = await withLeg(at, conversation, role, dialled, { type: 'answered' });
  const calls = createCalls(at.parts, at.live);
  const connect = async () => {
    const ear = await calls.connect(legId, CALL, { play: () => {}, removed: () => {} });
    if (ear === null) throw new Error('it has no place');
    return ear;
  };
  const answered = () => calls.answered(legId, CALL);
  return { ...at, told, conversation, legId, connect, answered, close: () => at.live.close() };
};

describe('a telephone that was answered', () => {
  it('waits for media that are just starting', async () => {
    let looks = 0;
    const missing = () => {
      looks += 1;
      return looks < 3 ? 'Media are starting.' : null;
    };
    const at = await carried('call', {}, { missing });
    expect(await at.answered()).toMatchObject({ next: 'connect', legId: at.legId });
    await at.close();
  });

  it.each([
    ['away', async () => ANN],
    ['slow', () => new Promise<string>(() => {})],
  ])('is told that it is recorded, also while the chat service is %s', async (_what, memberName) => {
    const at = await carried('call', {}, { memberName });
    const { say } = await at.answered();
    expect(say[0]).toMatch(/Somebody is calling you .*recorded/);
    expect(say[0]).not.toContain(ANN);
    await at.close();
  });
});

describe('a telephone whose sound flows', () => {
  it('may decline in a meeting, and is not captioned from then on, also when the database is away for a moment', async () => {
    const at = await carried('meeting');
    const ear = await at.connect();
    at.failNext();
    ear.key('9');
    await until(() => at.told.includes('declined'), { what: 'not captioned any more' });
    expect((await legOf(at.legId)).declined).toBe(true);
    expect(at.told).not.toContain('captions stopped');
    await at.close();
  });

  it('may break off and come back as often as it likes, and is not tended once more each time', async () => {
    const at = await carried('meeting');
    for (let times = 0; times < 5; times += 1) (await at.connect()).closed();
    expect(at.told.filter((what) => what === 'left')).toHaveLength(5);
    await at.close();
    expect(at.jobs.filter(({ name }) => name === 'tend-leg')).toEqual([]);
  });

  it('is recorded once, also when its sound comes back before the network answered', async () => {
    const asked = vi.fn<Phone['startRecording']>(async () => RECORDING);
    const answer = Promise.withResolvers<RecordingId>();
    asked.mockReturnValueOnce(answer.promise);
    const at = await carried('call', { startRecording: asked });
    (await at.connect()).closed();
    await at.connect();
    answer.resolve(RECORDING);
    await until(async () => (await legOf(at.legId)).recording !== null, { what: 'the recording is noted' });
    expect(asked).toHaveBeenCalledTimes(1);
    await at.close();
  });
});

describe('a meeting that cannot be ended as it should', () => {
  it('leaves its lease to run out, so that whoever watches it can', async () => {
    const at = await carried('meeting');
    await at.connect();
    at.failFor('finals-stored');
    await storage.store.transact((tx) => endMeeting(tx, at.conversation.id, { by: ANN, atMs: Date.now() }));
    at.live.end(at.conversation.id, ANN);
    const overForMs = () =>
      storage.store.transact(async (tx) => (await tx.lease(at.conversation.id))?.overForMs ?? Infinity);
    await until(async () => (await overForMs()) >= 0, { what: 'the lease is over' });
    expect(at.told).toContain('closed');
    await at.close();
  });
});

describe('a recording', () => {
  const began = { type: 'recording-began', recordingId: RECORDING, beganAtMs: 0 } as const;

  it.each([
    ['told of after the call', [{ type: 'answered' }, ended] satisfies LegEvent[]],
    ['that began as somebody declined', [{ type: 'answered' }, { type: 'declined' }] satisfies LegEvent[]],
  ])('%s is seen to', async (_what, events) => {
    const at = house();
    const legId = await withLeg(at, await begun(), 'far', ...events);
    await at.store.transact((tx) => applyLegEvent(tx, legId, began, Date.now()));
    expect(at.jobs).toEqual([{ name: 'tend-leg', legId }]);
  });

  it('that just runs needs nobody', async () => {
    const at = house();
    const legId = await withLeg(at, await begun(), 'far', { type: 'answered' });
    await at.store.transact((tx) => applyLegEvent(tx, legId, began, Date.now()));
    expect(at.jobs).toEqual([]);
  });

  it('that a process began and died is deleted, and not the one that counts', async () => {
    const deleted: RecordingId[] = [];
    const at = house({ phone: { deleteRecording: async (id) => void deleted.push(id) } });
    const dialled = { type: 'dialled', callId: CALL } as const;
    const legId = await withLeg(at, await begun(), 'far', dialled, { type: 'answered' }, began);
    const calls = createCalls(at.parts, at.live);
    const stray = 'RE2' as RecordingId;
    for (const recordingId of [RECORDING, stray, RECORDING]) {
      await calls.happened(legId, CALL, { type: 'recording-ready', recordingId });
    }
    expect(deleted).toEqual([stray]);
    expect((await legOf(legId)).recording).toMatchObject({ id: RECORDING, state: 'ready' });
  });
});
