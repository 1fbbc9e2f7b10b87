import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { MemberId } from '../../core/ids.ts';
import type { MeetingParty } from '../../core/meeting/lines.ts';
import { createSpeakingTime } from '../../core/meeting/speaking-time.ts';
import type { MeetingPerson, Room, RoomOptions, Tx } from '../../core/ports.ts';
import type { FlowParts } from '../parts.ts';
import { applyMeetingEvent } from '../state.ts';
import { createThreadCaptions } from './captions.ts';
import { cardMessage, editCard } from './card.ts';
import { insist } from './insist.ts';
import { createLineLog } from './line-log.ts';
import { createListening } from './listening.ts';
import { createPaced } from './paced.ts';
import type { ShownMeeting } from './shown.ts';

/** A meeting that this process carries: joins its room, the speech engine, the database and the thread. */
export interface LiveMeeting {
  /** False from the moment at which it began to end, here or for all. */
  readonly open: boolean;
  /** Ends it for all; resolves when every word is stored. `by` is null when everybody had left. */
  end(by: MemberId | null): Promise<void>;
  /** This process stops: what was said is stored, and the meeting goes on wherever people come back. */
  suspend(): Promise<void>;
}

/** Some 100 KiB at most, of the megabyte that may wait for one page. */
const LINES_AN_ANSWER = 400;

/** How long a stopping process tries to store what the database does not take. */
const GIVE_UP_AFTER_MS = 5_000;

/**
 * Opens a meeting here, as it was left. The lease is this process's already.
 * @param over told once, when it is not carried here any more
 * @throws AppError when there is no room to be had, or the database fails
 */
export const openLiveMeeting = async (
  parts: FlowParts,
  conversation: ShownMeeting,
  over: () => void,
): Promise<LiveMeeting> => {
  const { store, clock, log, speech } = parts;
  const { rooms, holder, graceMs, monotonicMs, pace } = parts.meetings;
  const { id, title } = conversation;

  const stored = await store.transact(async (tx) => ({
    record: await tx.meeting(id),
    lines: await tx.lines(id),
  }));
  const parties: MeetingParty[] = [...stored.record.parties];
  const present = new Map<string, number>();
  const givingUp = new AbortController();
  let phase: 'open' | 'closing' = 'open';
  let graceTimer: NodeJS.Timeout | undefined;
  /** By the wall's clock. */
  let emptySinceMs = clock.nowMs();

  const nowMs = clockOf(conversation, stored.lines.at(-1)?.endMs ?? 0, { clock, monotonicMs });
  const persist = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    insist(() => store.transact(work), { log, signal: givingUp.signal });
  const note = (work: (tx: Tx) => Promise<void>): void => {
    notes = notes.then(() =>
      persist(work).catch((error: unknown) =>
        log.error({ err: error, conversation: id }, 'something about a meeting could not be stored'),
      ),
    );
  };
  /** One after the other, in the order in which they happened. */
  let notes = Promise.resolve();

  // ---------------------------------------------------------------- words

  const speakingTime = createSpeakingTime();
  for (const { party, words } of stored.lines) speakingTime.add(party, words);
  let talkTimeTold = true;

  const captions = await createThreadCaptions(parts, {
    conversation,
    known: stored.lines,
    parties: () => parties,
    everyMs: pace.editEveryMs,
  });
  const lines = createLineLog({
    id,
    known: stored.lines,
    store,
    log,
    signal: givingUp.signal,
    onStored: (safe) => captions.add(safe),
    onRefused: () => void renew(),
  });
  const listening = createListening({
    speech,
    newStreamId: parts.newId,
    log,
    onCaption: (caption) => room.caption(caption),
    onDelayed: (delayed) => room.captionsDelayed(delayed),
    onLine(line) {
      lines.add(line);
      speakingTime.add(line.party, line.words);
      talkTimeTold = false;
    },
  });

  // ---------------------------------------------------------------- people

  const names = (): string[] => [
    ...new Set([...present.values()].map((party) => parties[party]?.name ?? `Speaker ${party + 1}`)),
  ];
  const card = createPaced({
    everyMs: pace.editEveryMs,
    log,
    write: async () => {
      await editCard(parts, conversation, cardMessage(conversation, { present: names(), unavailable: null }));
      return false;
    },
  });
  const waitForSomebody = (): void => {
    clearTimeout(graceTimer);
    emptySinceMs = clock.nowMs();
    graceTimer = setTimeout(() => void end(null), graceMs);
  };
  const joined = (place: string, party: number, { personId, name }: MeetingPerson): void => {
    clearTimeout(graceTimer);
    present.set(place, party);
    if (parties[party]?.name !== name) {
      parties[party] = { personId, name };
      note((tx) => tx.saveMeetingParty(id, party, { personId, name }));
    }
    card.due();
    // Whoever is new has not seen the bars.
    talkTimeTold = false;
  };

  const options: RoomOptions = {
    title,
    captionsOn: stored.record.captionsOn,
    parties: parties.map(({ personId }) => personId),
    removed: stored.record.removed,
    nowMs,
    transcript: (since) => ({ ...lines.after(since, LINES_AN_ANSWER), parties }),
    listen: (party) => listening.ear(party),
    on: {
      joined,
      left(place, here) {
        present.delete(place);
        card.due();
        if (here === 0) waitForSomebody();
      },
      removed: (personId) => note((tx) => tx.saveRemoved(id, personId)),
      captionsSwitched: (on) => note((tx) => tx.saveCaptionsOn(id, on)),
      ended: (by) => void end(by),
    },
  };
  const room: Room = await rooms.open(id, options).catch(async (error: unknown) => {
    await Promise.all([captions.close(), card.close()]);
    throw error;
  });
  waitForSomebody();
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
    } catch (error) {
      log.warn({ err: error, conversation: id }, 'the lease of a meeting could not be renewed');
    }
  };
  const renewing = setInterval(() => void renew(), pace.renewEveryMs);
  const telling = setInterval(() => {
    if (talkTimeTold) return;
    talkTimeTold = true;
    room.talkTime(speakingTime.all());
  }, pace.talkTimeEveryMs);

  // ---------------------------------------------------------------- the end

  /** Stops all that runs here, but for the lease. Every final has come and is stored when it resolves. */
  const finish = async (): Promise<void> => {
    clearTimeout(graceTimer);
    clearInterval(telling);
    await listening.close();
    await lines.stored();
    await notes;
    await Promise.all([captions.close(), card.close()]);
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
      // The lease runs out, and whoever watches the meeting ends it with what is stored.
      log.error({ err: error, conversation: id }, 'a meeting did not end as it should');
    });
    return closing;
  };

  const end = (by: MemberId | null): Promise<void> =>
    close(async () => {
      // A meeting that everybody had left was over when the last one left.
      const endedAtMs = by === null ? emptySinceMs : clock.nowMs();
      await persist((tx) => applyMeetingEvent(tx, id, { type: 'end-asked', by }, endedAtMs));
      room.end(by === null ? null : (parties.find(({ personId }) => personId === by)?.name ?? null));
      await finish();
      await persist((tx) => applyMeetingEvent(tx, id, { type: 'finals-stored' }, clock.nowMs()));
      await release();
    }).finally(over);

  const suspend = (): Promise<void> => {
    const giveUp = setTimeout(() => givingUp.abort(), GIVE_UP_AFTER_MS);
    return close(async () => {
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
    end,
    suspend,
  };
};

/** Milliseconds since the meeting began, here or in an earlier process. Never goes back, and never behind what was said. */
const clockOf = (
  { startedAtMs }: MeetingConversation,
  saidUntilMs: number,
  { clock, monotonicMs }: { clock: FlowParts['clock']; monotonicMs: () => number },
): (() => number) => {
  const openedMs = monotonicMs();
  const wallMs = clock.nowMs();
  const beganMs = Math.max(wallMs - (startedAtMs ?? wallMs), saidUntilMs);
  return () => beganMs + (monotonicMs() - openedMs);
};
