import type { PinCaller } from '../../src/core/calls/pin.ts';
import type { CallSettings, Leg } from '../../src/core/calls/types.ts';
import type { Conversation, Job, RecordingConversation } from '../../src/core/conversation/types.ts';
import type { ConversationId, MemberId, PhoneNumber } from '../../src/core/ids.ts';
import type { MeetingLine, MeetingParty } from '../../src/core/meeting/lines.ts';
import type {
  CallSettingsTx,
  Clock,
  ConversationTx,
  Delivery,
  DeliveryTx,
  Lease,
  LeaseTx,
  LegTx,
  LinkTx,
  MeetingTx,
  PinTx,
  TranscriptTx,
  Tx,
} from '../../src/core/ports.ts';
import type { SpeakerNames, Transcription } from '../../src/core/transcription.ts';
import { refusal, toStorageError } from '../../src/storage/errors.ts';
import { type DraftTables, rowsOf } from './memory-rows.ts';

export interface EnqueuedJob {
  readonly job: Job;
  readonly startAfterMs: number;
}

/** The Store port's transaction over copies of the tables. */
export const createMemoryTx = (
  tables: DraftTables,
  clock: Clock,
  enqueue: (enqueued: EnqueuedJob) => void,
): Tx =>
  failingAsAppError({
    ...conversationTx(tables),
    ...transcriptTx(tables),
    ...deliveryTx(tables),
    ...meetingTx(tables),
    ...linkTx(tables),
    ...leaseTx(tables, clock),
    ...legTx(tables),
    ...callSettingsTx(tables),
    ...pinTx(tables),
    enqueue: async (job, options) => enqueue({ job, startAfterMs: options?.startAfterMs ?? 0 }),
  });

const failingAsAppError = (tx: Tx): Tx =>
  Object.fromEntries(
    Object.entries(tx as object as Record<string, (...args: never[]) => Promise<unknown>>).map(
      ([name, method]) => [
        name,
        async (...args: never[]) => {
          try {
            return await method(...args);
          } catch (error) {
            throw toStorageError(error);
          }
        },
      ],
    ),
  ) as object as Tx;

/** What a foreign key of the database refuses. */
const requireConversation = (tables: DraftTables, id: string): Conversation => {
  const conversation = rowsOf<Conversation>(tables, 'conversation').get(id);
  if (conversation === undefined) throw refusal(`there is no conversation ${id}`);
  return conversation;
};

/** What the check constraint of the conversation table refuses. */
const checkKind = (conversation: Conversation): void => {
  const isComplete =
    conversation.kind === 'recording'
      ? conversation.thread.rootId !== null && conversation.postedIn !== null && conversation.source !== null
      : conversation.host !== null;
  if (!isComplete) throw refusal(`a ${conversation.kind} is incomplete`);
};

const conversationTx = (tables: DraftTables): ConversationTx => {
  const conversations = rowsOf<Conversation>(tables, 'conversation');
  const origins = rowsOf<string>(tables, 'origin');
  const all = (): readonly Conversation[] => conversations.all().map(([, row]) => row);
  return {
    addConversation: async (conversation, origin) => {
      const taken = origins.get(origin);
      if (taken !== undefined) return { added: false, conversation: conversations.get(taken)! };
      checkKind(conversation);
      if (conversations.get(conversation.id) !== undefined) throw refusal('the id is taken');
      origins.set(origin, conversation.id);
      conversations.set(conversation.id, conversation);
      return { added: true, conversation: conversations.get(conversation.id)! };
    },
    conversation: async (id) => conversations.get(id) ?? null,
    conversationsPostedIn: async (workspaceId, channelId, messageId) =>
      all()
        .filter((one): one is RecordingConversation => one.kind === 'recording')
        .filter(
          ({ thread, postedIn }) =>
            thread.workspaceId === workspaceId && thread.channelId === channelId && postedIn === messageId,
        )
        .toSorted((a, b) => a.position - b.position),
    recordingsOfFile: async (workspaceId, fileId) =>
      all()
        .filter((one): one is RecordingConversation => one.kind === 'recording')
        .filter(
          ({ thread, source }) =>
            thread.workspaceId === workspaceId && source.type === 'chat-file' && source.fileId === fileId,
        )
        .toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.id < b.id ? -1 : 1)),
    conversationsOf: async (workspaceId, memberId, limit) =>
      all()
        .filter((one) => workspaceOf(one) === workspaceId && one.startedBy === memberId)
        .toSorted(
          (a, b) => b.createdAtMs - a.createdAtMs || positionOf(b) - positionOf(a) || (a.id < b.id ? -1 : 1),
        )
        .slice(0, limit),
    saveConversation: async (conversation) => {
      if (conversations.get(conversation.id) === undefined) throw new RangeError('never added');
      conversations.set(conversation.id, conversation);
    },
  };
};

const channelOf = (one: Conversation) => (one.kind === 'recording' ? one.thread : one.channel);
const workspaceOf = (one: Conversation): string => channelOf(one).workspaceId;
const positionOf = (one: Conversation): number => (one.kind === 'recording' ? one.position : 0);

const transcriptTx = (tables: DraftTables): TranscriptTx => {
  const transcriptions = rowsOf<Transcription>(tables, 'transcription');
  const names = rowsOf<SpeakerNames>(tables, 'speakerNames');
  return {
    saveTranscription: async (id, transcription) => {
      requireConversation(tables, id);
      transcriptions.set(id, transcription);
    },
    transcription: async (id) => transcriptions.get(id) ?? null,
    saveSpeakerNames: async (id, saved) => {
      requireConversation(tables, id);
      names.set(id, saved);
    },
    speakerNames: async (id) => names.get(id) ?? {},
  };
};

const deliveryTx = (tables: DraftTables): DeliveryTx => {
  const deliveries = rowsOf<{ readonly of: string; readonly delivery: Delivery }>(tables, 'delivery');
  return {
    delivery: async (key) => deliveries.get(key)?.delivery ?? null,
    intendDelivery: async (key, conversationId) => {
      requireConversation(tables, conversationId);
      if (deliveries.get(key) === undefined) {
        deliveries.set(key, { of: conversationId, delivery: { state: 'intended' } });
      }
    },
    saveDelivery: async (key, delivery) => {
      const row = deliveries.get(key);
      if (row === undefined) throw new RangeError('never intended');
      deliveries.set(key, { ...row, delivery });
    },
    deliveriesOf: async (conversationId) =>
      new Map(
        deliveries
          .all()
          .filter(([, { of }]) => of === conversationId)
          .map(([key, { delivery }]) => [key, delivery] as const)
          .toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
  };
};

const meetingTx = (tables: DraftTables): MeetingTx => {
  const parties = rowsOf<{ readonly of: string; readonly number: number; readonly party: MeetingParty }>(
    tables,
    'party',
  );
  const removed = rowsOf<{ readonly of: string; readonly personId: MemberId }>(tables, 'removed');
  const captionsOn = rowsOf<boolean>(tables, 'captionsOn');
  const lines = rowsOf<{ readonly of: string; readonly line: MeetingLine }>(tables, 'line');
  return {
    meeting: async (id) => ({
      parties: parties
        .all()
        .map(([, row]) => row)
        .filter(({ of }) => of === id)
        .toSorted((a, b) => a.number - b.number)
        .map(({ party }) => party),
      removed: removed
        .all()
        .filter(([, { of }]) => of === id)
        .map(([, { personId }]) => personId),
      captionsOn: captionsOn.get(id) ?? true,
    }),
    saveMeetingParty: async (id, number, party) => {
      requireConversation(tables, id);
      parties.set(`${id} ${number}`, { of: id, number, party });
    },
    saveCaptionsOn: async (id, on) => {
      requireConversation(tables, id);
      captionsOn.set(id, on);
    },
    saveRemoved: async (id, personId) => {
      requireConversation(tables, id);
      removed.set(`${id} ${personId}`, { of: id, personId });
    },
    saveLines: async (id, saved) => {
      if (saved.length > 0) requireConversation(tables, id);
      for (const line of saved) {
        const key = `${id} ${line.number}`;
        const known = lines.get(key);
        if (known !== undefined && known.line.id !== line.id) throw refusal('another line has the number');
        const rounded = { startMs: Math.round(line.startMs), endMs: Math.round(line.endMs) };
        lines.set(key, known ?? { of: id, line: { ...line, ...rounded } });
      }
    },
    lines: async (id) =>
      lines
        .all()
        .map(([, row]) => row)
        .filter(({ of }) => of === id)
        .map(({ line }) => line)
        .toSorted((a, b) => a.number - b.number),
  };
};

const KEEP_LINKS_MS = 25 * 3_600_000;

const linkTx = (tables: DraftTables): LinkTx => {
  const links = rowsOf<{ readonly browser: string; readonly claimedAtMs: number }>(tables, 'link');
  return {
    claimLink: async (linkId, browser, atMs) => {
      for (const [id, { claimedAtMs }] of links.all())
        if (claimedAtMs < atMs - KEEP_LINKS_MS) links.delete(id);
      if (links.get(linkId) === undefined) links.set(linkId, { browser, claimedAtMs: atMs });
      return links.get(linkId)!.browser;
    },
    linkBrowser: async (linkId) => links.get(linkId)?.browser ?? null,
  };
};

const leaseTx = (tables: DraftTables, clock: Clock): LeaseTx => {
  const leases = rowsOf<Lease & { readonly untilMs: number }>(tables, 'lease');
  return {
    takeLease: async (id, { holder, url }, forMs) => {
      requireConversation(tables, id);
      const current = leases.get(id);
      const isFree = current === undefined || current.holder === holder || current.untilMs < clock.nowMs();
      if (isFree) leases.set(id, { holder, url, untilMs: clock.nowMs() + forMs });
      return isFree ? { holder, url } : { holder: current.holder, url: current.url };
    },
    lease: async (id) => {
      const row = leases.get(id);
      if (row === undefined) return null;
      return { holder: row.holder, url: row.url, expiredForMs: clock.nowMs() - row.untilMs };
    },
    releaseLease: async (id, holder) => {
      const row = leases.get(id);
      // A moment ago, since another holder may take it at once.
      if (row?.holder === holder && row.untilMs >= clock.nowMs()) {
        leases.set(id, { ...row, untilMs: clock.nowMs() - 1 });
      }
    },
  };
};

const legTx = (tables: DraftTables): LegTx => {
  const legs = rowsOf<Leg>(tables, 'leg');
  const all = (): readonly Leg[] => legs.all().map(([, leg]) => leg);
  return {
    addLeg: async (leg) => {
      requireConversation(tables, leg.conversationId);
      if (legs.get(leg.id) !== undefined) throw refusal('the id is taken');
      legs.set(leg.id, leg);
    },
    leg: async (id) => legs.get(id) ?? null,
    legsOf: async (id) => all().filter(({ conversationId }) => conversationId === id),
    saveLeg: async (leg) => {
      if (legs.get(leg.id) === undefined) throw new RangeError('never added');
      legs.set(leg.id, leg);
    },
    conversationsWithActiveLegs: async () => [
      ...new Set(
        all()
          .filter(({ answeredAtMs, endedAtMs }) => answeredAtMs !== null && endedAtMs === null)
          .map(({ conversationId }) => conversationId),
      ),
    ],
    callCounts: async ({ workspaceId, channelId, memberId, sinceMs }) => {
      const outbound = all()
        .filter(({ role }) => role !== 'inbound')
        .map((leg) => ({ leg, channel: channelOf(requireConversation(tables, leg.conversationId)) }))
        .filter(({ channel }) => channel.workspaceId === workspaceId);
      const recent = outbound.filter(({ leg }) => leg.createdAtMs >= sinceMs);
      return {
        byMember: recent.filter(({ leg }) => leg.requestedBy === memberId).length,
        byChannel: recent.filter(({ channel }) => channel.channelId === channelId).length,
        byWorkspace: recent.length,
        concurrent: outbound.filter(({ leg }) => leg.endedAtMs === null).length,
      };
    },
  };
};

const callSettingsTx = (tables: DraftTables): CallSettingsTx => {
  const settings = rowsOf<CallSettings>(tables, 'callSettings');
  const numbers = rowsOf<PhoneNumber>(tables, 'ownNumber');
  return {
    callSettings: async (workspaceId) => settings.get(workspaceId) ?? null,
    saveCallSettings: async (workspaceId, saved) => settings.set(workspaceId, saved),
    ownNumber: async (workspaceId, memberId) => numbers.get(`${workspaceId} ${memberId}`) ?? null,
    saveOwnNumber: async (workspaceId, memberId, number) => {
      const key = `${workspaceId} ${memberId}`;
      if (number === null) numbers.delete(key);
      else numbers.set(key, number);
    },
  };
};

const KEEP_WRONG_PINS_MS = 24 * 3_600_000;

const pinTx = (tables: DraftTables): PinTx => {
  const pins = rowsOf<ConversationId>(tables, 'pin');
  const wrong = rowsOf<{ readonly caller: PinCaller; readonly atMs: number }>(tables, 'wrongPin');
  const pinOf = (id: ConversationId): string | null => pins.all().find(([, of]) => of === id)?.[0] ?? null;
  return {
    givePin: async (id, candidates) => {
      const had = pinOf(id);
      if (had !== null) return had;
      requireConversation(tables, id);
      const free = candidates.find((pin) => pins.get(pin) === undefined);
      if (free !== undefined) pins.set(free, id);
      return free ?? null;
    },
    pinOf: async (id) => pinOf(id),
    conversationWithPin: async (pin) => pins.get(pin) ?? null,
    dropPin: async (id) => {
      const pin = pinOf(id);
      if (pin !== null) pins.delete(pin);
    },
    wrongPinCounts: async (caller, sinceMs) => {
      const all = wrong.all().map(([, row]) => row);
      return {
        byCaller: all.filter((row) => row.caller === caller && row.atMs >= sinceMs.byCaller).length,
        byAll: all.filter((row) => row.atMs >= sinceMs.byAll).length,
      };
    },
    addWrongPin: async (caller, atMs) => {
      for (const [key, row] of wrong.all()) if (row.atMs < atMs - KEEP_WRONG_PINS_MS) wrong.delete(key);
      wrong.set(crypto.randomUUID(), { caller, atMs });
    },
  };
};
