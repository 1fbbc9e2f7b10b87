import { randomUUID } from 'node:crypto';
import type { ConversationId, LegId, MemberId, PhoneNumber } from '../../../src/core/ids.ts';
import type { Store, Tx } from '../../../src/core/ports.ts';
import { createFlows, type FlowOptions, type Flows, MEETING_TIMING } from '../../../src/flows/index.ts';
import type { MeetingTiming } from '../../../src/flows/meetings/timing.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/clock.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { createMemoryPhone } from '../../fakes/memory-phone.ts';
import { createMemoryRooms, type MemoryRooms } from '../../fakes/memory-rooms.ts';
import { createMemorySpeech } from '../../fakes/memory-speech.ts';
import { createMemoryDatabase } from '../../fakes/memory-storage.ts';
import { silentLog } from '../../media/support.ts';
import { channelId, workspaceId } from '../../storage/support/samples.ts';

export const ANA = 'U1' as MemberId;
export const BEN = 'U2' as MemberId;
export const YUKI = 'U3' as MemberId;
const PARLEY_NUMBER = '+442079460100' as PhoneNumber;
export const LONDON = '+442079460000' as PhoneNumber;

export interface StageOptions {
  readonly timing?: Partial<MeetingTiming>;
  readonly retryDelaysMs?: readonly number[];
  /** How long the engine is at work on a recording. */
  readonly transcribeMs?: number;
  readonly limits?: Partial<NonNullable<FlowOptions['calls']>['limits']>;
  /** Ports that a test replaces. */
  readonly ports?: Partial<FlowOptions>;
}

/** One instance of Parley. */
export interface Instance extends Flows {
  readonly id: string;
  readonly url: string;
  readonly rooms: MemoryRooms;
  readonly options: FlowOptions;
  /** Works on the jobs that are in the database. */
  work(): Promise<void>;
  /** As when the process stops in order. */
  stop(): Promise<void>;
  /** As when the process is killed. */
  kill(): void;
}

export const ALLOWING_ALL = {
  perMember: 1e6,
  perChannel: 1e6,
  perWorkspace: 1e6,
  concurrent: 1e6,
  maxDurationMs: 3_600_000,
};

/**
 * The flows over ports in memory and in virtual time: one workspace with a database, on which instances of Parley start
 * and stop.
 */
export const createStage = (options: StageOptions = {}) => {
  const clock = createVirtualClock();
  const database = createMemoryDatabase(clock);
  const observer = database.open().store;
  const chat = createMemoryChat();
  chat.addMember(ANA, { name: 'Ana Brandão', isAdmin: true });
  chat.addMember(BEN, { name: 'Ben Okafor', phone: '+44 20 7946 0102' });
  chat.addMember(YUKI, { name: 'Yuki Sato' });
  const speech = createMemorySpeech({ clock, transcribeMs: options.transcribeMs ?? 0 });
  const phone = createMemoryPhone({ clock });
  let storeFault: ((tx: Tx) => Tx) | null = null;

  const instance = (id: string, over: Partial<FlowOptions> = {}): Instance => {
    const storage = database.open({ retryDelaysMs: options.retryDelaysMs });
    const store: Store = {
      ...storage.store,
      transact: (work) => storage.store.transact((tx) => work(storeFault === null ? tx : storeFault(tx))),
    };
    const rooms = createMemoryRooms();
    const url = `https://${id}.example`;
    const flowOptions: FlowOptions = {
      store,
      chat,
      links: { open: () => Promise.reject(new Error('no links here')) },
      speech,
      charts: { pie: async () => new Uint8Array([1]) },
      rooms,
      clock,
      log: silentLog,
      newId: () => randomUUID() as ConversationId,
      sampleUrl: async () => null,
      linkTo: async (base, pass) => `${base}/${pass.personId}`,
      instance: { id, url: () => url },
      timing: { ...MEETING_TIMING, graceMs: 60_000, ...options.timing },
      calls: {
        phone,
        plan: { callerId: PARLEY_NUMBER, countries: ['GB'], defaultCountry: 'GB' },
        limits: { ...ALLOWING_ALL, ...options.limits },
        newLegId: () => randomUUID() as LegId,
        random: Math.random,
      },
      ...options.ports,
      ...over,
    };
    const flows = createFlows(flowOptions);
    phone.attach(flows.phoneEvents);
    return {
      ...flows,
      id,
      url,
      rooms,
      options: flowOptions,
      work: () => storage.queue.work(flows.handlers, { concurrency: 1 }),
      async stop() {
        await flows.meetings.close();
        await storage.queue.stop(1_000);
        await storage.close();
      },
      kill: () => void storage.close(),
    };
  };

  return {
    clock,
    database,
    chat,
    speech,
    phone,
    instance,
    /** The database, whatever fails for Parley. */
    transact: ((work) => observer.transact(work)) as Store['transact'],
    conversation: (id: ConversationId) => observer.transact((tx) => tx.conversation(id)),
    /** From now on transactions of Parley go through this; null for none. */
    setStoreFault: (fault: ((tx: Tx) => Tx) | null) => {
      storeFault = fault;
    },
    /** The texts in a conversation's thread. */
    threadOf: async (id: ConversationId): Promise<string[]> => {
      const thread = (await observer.transact((tx) => tx.conversation(id)))?.thread ?? null;
      if (thread === null) return [];
      return chat
        .messages(thread)
        .filter(({ ephemeralTo }) => ephemeralTo === null)
        .map(({ text }) => text);
    },
  };
};
export type Stage = ReturnType<typeof createStage>;

/** Lets all that needs no time happen, and what promises lead to. */
export const settle = (clock: VirtualClock): Promise<void> => clock.advance(0);

export { channelId, workspaceId };

/** A stage with one instance that works on its jobs. */
export const openStage = async (options: StageOptions = {}) => {
  const stage = createStage(options);
  const one = stage.instance('one');
  await one.work();
  return { ...stage, one };
};
