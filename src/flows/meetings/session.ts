import { isPhonePersonId, phonePersonId } from '../../core/calls/person.ts';
import type { Leg } from '../../core/calls/types.ts';
import type { LegId, MemberId } from '../../core/ids.ts';
import type { MeetingParty } from '../../core/meeting/lines.ts';
import type {
  LegAudioInput,
  LegAudioOutput,
  MeetingPerson,
  Room,
  RoomOptions,
  Tx,
} from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { retryUntilAborted } from '../util/retry.ts';
import { createThrottledWriter } from '../util/throttle.ts';
import { openCaptionPipeline } from './captions/pipeline.ts';
import { cardFactsIn, cardMessage, editCard } from './card.ts';
import { meetingClock } from './meeting-clock.ts';
import { createOccupancy } from './occupancy.ts';
import { createPhoneBridge } from './phones/bridge.ts';
import { dialInNumber, dialInto } from './phones/dial-out.ts';
import { endMeeting } from './phones/legs.ts';
import type { PostedMeeting } from './posted-meeting.ts';

/** A meeting that this process carries: joins its room, the speech engine, the database and the thread. */
export interface MeetingSession {
  /** False from the moment at which it began to end, here or for all. */
  readonly open: boolean;
  /** A telephone's sound begins to flow. Null when it has no place here (any more). */
  connect(leg: Leg, line: LegAudioOutput, onKey: (key: string) => void): Promise<LegAudioInput | null>;
  /** A telephone was just told to connect its sound. */
  comes(id: LegId): void;
  /** Something about its telephones was stored. */
  legsChanged(): void;
  /** Ends it for all; resolves when every word is stored. `by` is null when everybody had left. */
  end(by: MemberId | null): Promise<void>;
  /** This process stops: what was said is stored, and the meeting goes on wherever people come back. */
  suspend(): Promise<void>;
}

/** How long a stopping process tries to store what the database does not take. */
const GIVE_UP_AFTER_MS = 5_000;

/**
 * Opens a meeting here, as it was left. The lease is this process's already.
 * @param over told once, when it is not carried here any more
 * @throws AppError when there is no room to be had, or the database fails
 */
export const openMeetingSession = async (
  parts: FlowParts,
  conversation: PostedMeeting,
  over: () => void,
): Promise<MeetingSession> => {
  const { store, clock, log } = parts;
  const { rooms, holder, graceMs, monotonicMs, pace } = parts.meetings;
  const { id, title } = conversation;

  const stored = await store.transact(async (tx) => ({
    record: await tx.meeting(id),
    lines: await tx.lines(id),
    facts: await cardFactsIn(tx, id, dialInNumber(parts.calls)),
  }));
  const parties: MeetingParty[] = [...stored.record.parties];
  const givingUp = new AbortController();
  let phase: 'open' | 'closing' = 'open';

  const nowMs = meetingClock(conversation, stored.lines.at(-1)?.endMs ?? 0, { clock, monotonicMs });
  const persist = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    retryUntilAborted(() => store.transact(work), { log, signal: givingUp.signal });
  const note = (work: (tx: Tx) => Promise<void>): void => {
    notes = notes.then(() =>
      persist(work).catch((error: unknown) =>
        log.error({ err: error, conversation: id }, 'something about a meeting could not be stored'),
      ),
    );
  };
  /** One after the other, in the order in which they happened. */
  let notes = Promise.resolve();

  const words = await openCaptionPipeline(parts, {
    conversation,
    known: stored.lines,
    parties: () => parties,
    room: () => room,
    signal: givingUp.signal,
    onRefused: () => void renew(),
  });

  // ---------------------------------------------------------------- people

  const company = createOccupancy({
    graceMs,
    kind: conversation.kind,
    clock,
    /** Telephones that ring may still be answered. */
    expected: () => telephones.expected(),
    onAlone: () => void end(null),
  });
  const names = (): string[] => [
    ...new Set(
      company.present
        // A call's card has its telephones apart.
        .filter(({ phone }) => !phone || conversation.kind === 'meeting')
        .map(({ party }) => parties[party]?.name ?? `Speaker ${party + 1}`),
    ),
  ];
  const card = createThrottledWriter({
    everyMs: pace.editEveryMs,
    log,
    write: async () => {
      const { legs } = telephones;
      const facts = { ...stored.facts, legs, present: names(), unavailable: null };
      await editCard(parts, conversation, cardMessage(conversation, facts));
      return false;
    },
  });
  const joined = (place: string, party: number, { personId, name }: MeetingPerson): void => {
    company.joined(place, { party, phone: isPhonePersonId(personId) });
    if (parties[party]?.name !== name) {
      parties[party] = { personId, name };
      note((tx) => tx.saveMeetingParty(id, party, { personId, name }));
    }
    card.due();
    // Whoever is new has not seen the bars.
    words.tellTalkTime();
  };

  const options: RoomOptions = {
    title,
    captionsOn: stored.record.captionsOn,
    captionsStopped: null,
    mayAddPhone: parts.calls !== null && parts.calls.phone.unavailableReason() === null,
    parties: parties.map(({ personId }) => personId),
    removed: stored.record.removed,
    nowMs,
    transcript: (since) => ({ ...words.after(since), parties }),
    openAudioSink: (party, audio) => words.ear(party, audio),
    on: {
      joined,
      left(place) {
        company.left(place);
        card.due();
      },
      removed: (personId) => note((tx) => tx.saveRemoved(id, personId)),
      captionsSwitched: (on) => note((tx) => tx.saveCaptionsOn(id, on)),
      ended: (by) => void end(by),
      phoneRequested: (by, number) =>
        dialInto(parts, conversation, by.personId, number).then((why) => {
          if (why === null) telephones.changed();
          return why;
        }),
      hangUpRequested: (_by, legId) =>
        void telephones
          .hangUp(legId)
          .catch((error: unknown) =>
            log.warn({ err: error, conversation: id }, 'a telephone is not hung up'),
          ),
    },
  };
  const room: Room = await rooms.open(id, options).catch(async (error: unknown) => {
    await Promise.all([words.close(), card.close()]);
    throw error;
  });
  const telephones = createPhoneBridge(parts, {
    conversation,
    legs: stored.facts.legs,
    room: () => room,
    wasIn: (legId) => parties.some(({ personId }) => personId === phonePersonId(legId)),
    nowMs,
    monotonicMs,
    persist,
    onChange(state) {
      card.due();
      company.changed();
      if (phase === 'open' && state?.name === 'ending') void end(state.by);
    },
  });
  company.changed();
  card.due();

  // ---------------------------------------------------------------- whose it is

  /** Says that this process still has it, and looks whether it still has. */
  const renew = async (): Promise<void> => {
    try {
      const now = await store.transact(async (tx) => ({
        lease: await tx.takeLease(id, { holder, url: parts.meetings.url() ?? '' }, pace.leaseMs),
        conversation: await tx.conversation(id),
      }));
      if (phase !== 'open') return;
      if (now.lease.holder !== holder) await lose();
      else if (now.conversation?.state.name === 'ending') await end(now.conversation.state.by);
      // Another copy may have been told of them by the network.
      else if (telephones.legs.length > 0) telephones.changed();
    } catch (error) {
      log.warn({ err: error, conversation: id }, 'the lease of a meeting could not be renewed');
    }
  };
  const renewing = setInterval(() => void renew(), pace.renewEveryMs);

  // ---------------------------------------------------------------- the end

  /** Stops all that runs here, but for the lease. Every final has come and is stored when it resolves. */
  const finish = async (): Promise<void> => {
    company.close();
    telephones.close();
    await Promise.all([words.close(), notes, card.close()]);
  };
  const release = async (): Promise<void> => {
    clearInterval(renewing);
    await store
      .transact((tx) => tx.releaseLease(id, holder))
      .catch((error: unknown) => log.warn({ err: error, conversation: id }, 'a lease runs out by itself'));
    over();
  };

  let closing: Promise<void> | null = null;
  const close = (work: () => Promise<void>): Promise<void> => {
    phase = 'closing';
    closing ??= work().catch((error: unknown) => {
      clearInterval(renewing);
      words.stop();
      company.close();
      telephones.close();
      room.close();
      // The lease runs out, and whoever watches the meeting ends it with what is stored.
      log.error({ err: error, conversation: id }, 'a meeting did not end as it should');
    });
    return closing;
  };

  const end = (by: MemberId | null): Promise<void> =>
    close(async () => {
      // A meeting that everybody had left was over when the last one left.
      const atMs = by === null ? company.aloneSinceMs : clock.nowMs();
      await persist((tx) => endMeeting(tx, id, { by, atMs }));
      room.end(by === null ? null : (parties.find(({ personId }) => personId === by)?.name ?? null));
      await finish();
      await persist((tx) => applyMeetingEvent(tx, id, { type: 'finals-stored' }, clock.nowMs()));
      await release();
    }).finally(over);

  const suspend = (): Promise<void> => {
    const giveUp = setTimeout(() => givingUp.abort(), GIVE_UP_AFTER_MS);
    return close(async () => {
      // Before the room: its telephones wait for whoever carries it next.
      telephones.close();
      room.close();
      await finish();
      await release();
    }).finally(() => clearTimeout(giveUp));
  };

  /** Pages come back, and are led to the copy that has it now. */
  const lose = (): Promise<void> => {
    log.warn({ conversation: id }, 'another copy of Parley took this meeting over');
    givingUp.abort();
    return close(async () => {
      telephones.close();
      room.close();
      clearInterval(renewing);
      await finish();
      over();
    });
  };

  return {
    get open() {
      return phase === 'open';
    },
    async connect(leg, line, onKey) {
      return phase === 'open' ? telephones.connect(leg, line, onKey) : null;
    },
    comes: (legId) => telephones.comes(legId),
    legsChanged: () => telephones.changed(),
    end,
    suspend,
  };
};
