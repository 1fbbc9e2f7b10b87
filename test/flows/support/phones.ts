import { randomUUID } from 'node:crypto';
import { systemClock } from '../../../src/clock.ts';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import type { LegEvent } from '../../../src/core/calls/types.ts';
import type { Job } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId, LegId, ProviderCallId, RecordingId } from '../../../src/core/ids.ts';
import type { AnswerProgress, Phone, RoomOptions, Store } from '../../../src/core/ports.ts';
import { dialLegHandler } from '../../../src/flows/calls/dial-leg.ts';
import { createPhoneEvents } from '../../../src/flows/calls/phone-events.ts';
import { reconcileLegHandler } from '../../../src/flows/calls/reconcile-leg.ts';
import { type CallOptions, legFor } from '../../../src/flows/meetings/phones/dial-out.ts';
import { applyLegEvent } from '../../../src/flows/meetings/phones/legs.ts';
import { createMeetingRegistry } from '../../../src/flows/meetings/registry.ts';
import { MEETING_TIMING } from '../../../src/flows/meetings/timing.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { silentLog } from '../../media/support.ts';
import {
  channelId,
  meeting,
  memberId,
  messageId,
  watchedHandlers,
  workspaceId,
} from '../../storage/support/samples.ts';
import { until } from '../../support/until.ts';
import { storageOfFile } from './storage.ts';

export const CALL = 'CA1' as ProviderCallId;
export const RECORDING = 'RE1' as RecordingId;
export const ANN = memberId('U1');
const LONDON = '+442079460000' as never;
/** A telephone that was just answered. */
export const AT_FIRST: AnswerProgress = { noticePlayed: false, attempts: 0 };

/** The flows of telephones over the real database and nothing else, for one file of tests. */
export const telephoneStage = () => {
  const storage = storageOfFile();

  const unwanted = (what: string) => (): never => {
    throw new Error(`nobody was to ask for ${what}`);
  };

  /** The flows over the database. Whatever else they may ask is said by each test. */
  const house = (
    over: {
      phone?: Partial<Phone>;
      calls?: null;
      rooms?: (id: unknown, options: RoomOptions) => Promise<never>;
      missing?: () => string | null;
      memberName?: () => Promise<string>;
      holder?: string;
      url?: () => string;
      leaseMs?: number;
      monotonicMs?: () => number;
    } = {},
  ) => {
    const jobs: Job[] = [];
    let failing: 'next' | 'finals-stored' | null = null;
    const store: Store = {
      ...storage().store,
      transact: (work) =>
        storage().store.transact((tx) =>
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
      unavailableReason: () => null,
      find: unwanted('find'),
      dial: unwanted('dial'),
      deleteRecording: unwanted('deleteRecording'),
      ...over.phone,
    } as unknown as Phone;
    const calls: CallOptions = {
      phone,
      plan: { callerId: '+442079460100' as never, countries: ['GB'], defaultCountry: 'GB' },
      limits: { perMember: 1e6, perChannel: 1e6, perWorkspace: 1e6, concurrent: 1e6, maxDurationMs: 60_000 },
      newLegId: () => randomUUID() as LegId,
      random: Math.random,
    };
    const options = {
      store,
      clock: { ...systemClock, monotonicMs: over.monotonicMs ?? systemClock.monotonicMs },
      log: silentLog,
      chat: { ...createMemoryChat(), memberName: over.memberName ?? (async () => 'Ann') },
      calls: over.calls === null ? null : calls,
      newId: () => randomUUID() as ConversationId,
      instance: { id: over.holder ?? 'one', url: over.url ?? (() => 'https://parley.example') },
      timing: { ...MEETING_TIMING, graceMs: 60_000, leaseMs: over.leaseMs ?? 1_000, renewEveryMs: 100 },
      rooms: { unavailableReason: over.missing ?? (() => null), open: over.rooms ?? unwanted('a room') },
      speech: { openLive: unwanted('live speech'), transcribe: unwanted('a transcription') },
    };
    const live = createMeetingRegistry(options);
    const ports = { ...options, meetings: live };
    return {
      ports,
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
    await storage().store.transact((tx) => tx.addConversation(conversation, id));
    return conversation;
  };
  const withLeg = async (
    { calls }: ReturnType<typeof house>,
    conversation: Awaited<ReturnType<typeof begun>>,
    role: 'callee' | 'caller' | 'added',
    ...events: LegEvent[]
  ): Promise<LegId> => {
    const wanted = { role, number: LONDON, name: 'Ben', memberId: null } as const;
    const leg = legFor(calls, conversation, wanted, { by: ANN, nowMs: Date.now() });
    await storage().store.transact(async (tx) => {
      await tx.addLeg(leg);
      for (const event of events) await applyLegEvent(tx, leg.id, event, Date.now());
    });
    return leg.id;
  };
  const legOf = (id: LegId) => storage().store.transact(async (tx) => (await tx.leg(id))!);
  const stateOf = (conversation: { id: never } | Awaited<ReturnType<typeof begun>>) =>
    storage().store.transact(async (tx) => (await tx.conversation(conversation.id))?.state.name);

  /** Carried here, in a room that does nothing but take telephones. */
  const carried = async (
    kind: 'call' | 'meeting',
    phone: Partial<Phone> = {},
    more: Parameters<typeof house>[0] = {},
  ) => {
    const told: string[] = [];
    const room = {
      setPendingPhones: () => {
        looks += 1;
      },
      sendTalkTime: () => {},
      stopCaptions: () => void told.push('captions stopped'),
      addPhone: async ({ legId, name }: { legId: LegId; name: string }) => {
        if (full !== null) throw full;
        options!.on.joined(legId, 0, { personId: phonePersonId(legId), name, host: false });
        return {
          party: 0,
          receive: () => {},
          decline: () => void told.push('declined'),
          leave: () => void told.push('left'),
        };
      },
      end: () => void told.push('ended'),
      close: () => void told.push('closed'),
    };
    let looks = 0;
    let full: AppError | null = null;
    let options: RoomOptions | null = null;
    const rooms = async (_id: unknown, given: RoomOptions) => {
      options = given;
      return room as never;
    };
    const at = house({ phone, rooms, ...more });
    const conversation = await begun(kind);
    const role = kind === 'call' ? 'callee' : 'added';
    const dialled = { type: 'dialled', callId: CALL } as const;
    const legId = await withLeg(at, conversation, role, dialled, { type: 'answered' });
    const calls = createPhoneEvents(at.ports);
    const connect = async () => {
      const ear = await calls.connect(legId, CALL, { play: () => {}, removed: () => {} });
      if (ear === null) throw new Error('it has no place');
      return ear;
    };
    /** Its telephones were looked at anew, and that was done. */
    const looked = (): Promise<unknown> => {
      const enough = looks + 3;
      return until(() => looks >= enough, { everyMs: 20, what: 'its telephones are looked at' });
    };
    const answered = (so: AnswerProgress = AT_FIRST) => calls.answered(legId, CALL, so);
    return {
      ...at,
      told,
      conversation,
      legId,
      rooms,
      connect,
      /** Whether its sound was not let in. */
      refused: async () => (await calls.connect(legId, CALL, { play: () => {}, removed: () => {} })) === null,
      answered,
      looked,
      /** From now on the room takes nobody. */
      fill: () => {
        full = new AppError({ code: 'media-failed', retryable: false, userMessage: 'This meeting is full.' });
      },
      close: () => at.live.close(),
    };
  };

  return {
    house,
    begun,
    withLeg,
    legOf,
    stateOf,
    carried,
    transact: ((work) => storage().store.transact(work)) as Store['transact'],
    /** Telephones are rung and tended from now on; other jobs are left undone. */
    tend: ({ ports }: ReturnType<typeof house>): Promise<void> => {
      const handlers = {
        ...watchedHandlers().handlers,
        'dial-leg': dialLegHandler(ports),
        'reconcile-leg': reconcileLegHandler(ports),
      };
      return storage().queue.work(handlers, { concurrency: 1 });
    },
  };
};
