import { closingAnnouncement } from '../../core/calls/closing-announcement.ts';
import { openingAnnouncement } from '../../core/calls/notice.ts';
import { phonePersonId } from '../../core/calls/person.ts';
import { DECLINE_KEY, DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import { SPOKEN } from '../../core/calls/spoken.ts';
import type { Leg } from '../../core/calls/types.ts';
import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { LegId, ProviderCallId } from '../../core/ids.ts';
import type {
  AnswerProgress,
  AudioLostInstruction,
  CallInstruction,
  PhoneEvents,
  Tx,
} from '../../core/ports.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import { isMeeting } from '../meetings/posted-meeting.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { waitForMedia } from '../meetings/wait-for-media.ts';
import type { FlowParts } from '../parts.ts';
import { nameInTime, SOMEONE } from '../util/member-name.ts';
import { retryUntilAborted } from '../util/retry.ts';
import { createDialIn } from './dial-in.ts';

const STORE_WITHIN_MS = 60_000;
/** The network wants an answer within seconds, and whoever holds the telephone hears nothing meanwhile. */
const MEDIA_WITHIN_MS = 3_000;
/** When they are not there by then, a telephone waits and asks again, for more than a minute altogether. */
const WAIT_MS = 4_000;
const MOST_ATTEMPTS = 10;

/**
 * The sound of a telephone that is carried here breaks off when this process dies: then there may be nobody to ask for
 * as long as it takes to start again, and whoever carries the call next brings it back sooner than this.
 */
const BROKEN_HERE: AudioLostInstruction = { say: [SPOKEN.broken], pausesMs: [12_000, 12_000, 12_000] };
/** The copy that carries it may be the one that died, and others answer meanwhile; soon one of them carries it. */
const BROKEN_ELSEWHERE: AudioLostInstruction = { say: [], pausesMs: [2_000] };

/** What the telephone network asks and tells. */
export const createPhoneEvents = (parts: FlowParts, live: MeetingRegistry): PhoneEvents => {
  const { store, clock, log } = parts;
  const maxDurationMs = parts.calls?.limits.maxDurationMs ?? Number.POSITIVE_INFINITY;

  /** Stores what happened, if it happened to the call that this leg is. */
  const happened: PhoneEvents['handleEvent'] = async (legId, callId, event) => {
    const leg = await store.transact(async (tx) => {
      if (!(await claim(tx, legId, callId, clock.nowMs()))) return null;
      return applyLegEvent(tx, legId, event, clock.nowMs());
    });
    if (leg === null) return;
    live.legsChanged(leg.conversationId);
    // A process that died as the recording began leaves one of which nobody would ever take care.
    const isStray = event.type === 'recording-ready' && leg.recording?.id !== event.recordingId;
    if (isStray) await parts.calls?.phone.deleteRecording(event.recordingId);
  };

  /** Who calls, as it is spoken. A chat service that is slow or away is no reason to say nothing. */
  const callerOf = async (
    { requestedBy }: Leg,
    { channel, startedBy }: MeetingConversation,
  ): Promise<string> => (await nameInTime(parts, channel.workspaceId, requestedBy ?? startedBy)) ?? SOMEONE;

  /** Whom the sound is to be connected with, and what is said first. */
  const connectTo = async (
    { id: legId, conversationId }: Leg,
    say: readonly string[],
    { noticePlayed, attempts }: AnswerProgress,
  ): Promise<CallInstruction> => {
    if (!(await waitForMedia(parts, MEDIA_WITHIN_MS)) && attempts < MOST_ATTEMPTS) {
      const progress = { noticePlayed, attempts: attempts + 1 };
      return { next: 'wait', legId, say: attempts === 0 ? [SPOKEN.notReady] : [], forMs: WAIT_MS, progress };
    }
    const hosting = await live.host(conversationId);
    switch (hosting.kind) {
      case 'hosted':
        hosting.session.comes(legId);
        return { next: 'connect', legId, say, url: parts.meetings.url() ?? '', broken: BROKEN_HERE };
      case 'redirect':
        return { next: 'connect', legId, say, url: hosting.url, broken: BROKEN_ELSEWHERE };
      case 'closed':
        return { next: 'hang-up', say: [hosting.sentence] };
    }
  };

  const answered: PhoneEvents['answered'] = async (legId, callId, progress) => {
    const now = await store.transact(async (tx) => {
      const nowMs = clock.nowMs();
      if (!(await claim(tx, legId, callId, nowMs))) return null;
      const leg = await applyLegEvent(tx, legId, { type: 'answered' }, nowMs);
      if (leg === null) return null;
      const conversation = await tx.conversation(leg.conversationId);
      if (!isMeeting(conversation)) return null;
      if (conversation.state.name !== 'open' || leg.hangUpRequested || isOver(leg)) {
        return closingAnnouncement(leg, conversation, { maxDurationMs, nowMs });
      }
      const { parties } = await tx.meeting(conversation.id);
      const settings = (await tx.callSettings(conversation.channel.workspaceId)) ?? DEFAULT_SETTINGS;
      // A telephone whose sound broke off was told already.
      const known = parties.some(({ personId }) => personId === phonePersonId(legId));
      return { leg, conversation, settings, known };
    });
    if (now === null) return { next: 'hang-up', say: [] };
    if (!('leg' in now)) return { next: 'hang-up', say: now };
    const { leg, conversation, settings, known } = now;
    live.legsChanged(conversation.id);
    if (known) return connectTo(leg, [SPOKEN.again], progress);
    if (progress.noticePlayed) return connectTo(leg, [SPOKEN.connected], progress);
    const caller = await callerOf(leg, conversation);
    return connectTo(leg, [openingAnnouncement(leg, conversation, settings, caller)], progress);
  };

  const decline = async (legId: LegId): Promise<Leg | null> => {
    const leg = await store.transact((tx) => applyLegEvent(tx, legId, { type: 'declined' }, clock.nowMs()));
    if (leg !== null) live.legsChanged(leg.conversationId);
    return leg;
  };

  return {
    handleEvent: happened,
    answered,
    ...createDialIn(parts, answered),

    async keyPressed(legId, callId, key) {
      const mine = await store.transact((tx) => claim(tx, legId, callId, clock.nowMs()));
      if (!mine) return { next: 'hang-up', say: [] };
      const declines = key === DECLINE_KEY;
      const answer = await answered(legId, callId, { noticePlayed: declines, attempts: 0 });
      if (!declines || answer.next === 'hang-up') return answer;
      await decline(legId);
      return { ...answer, say: [SPOKEN.declined] };
    },

    async connect(legId, callId, line) {
      const leg = await store.transact(async (tx) =>
        (await claim(tx, legId, callId, clock.nowMs())) ? tx.leg(legId) : null,
      );
      if (leg === null || leg.state.name === 'ended' || leg.hangUpRequested) return null;
      const hosting = await live.host(leg.conversationId);
      if (hosting.kind !== 'hosted') return null;
      return hosting.session.connect(leg, line, (key) => {
        if (key !== DECLINE_KEY) return;
        // Nobody presses it twice because the database was away for a moment.
        const signal = AbortSignal.timeout(STORE_WITHIN_MS);
        retryUntilAborted(() => decline(legId), { log, signal }).catch((error: unknown) =>
          log.error({ err: error, leg: legId }, 'a refusal was not stored'),
        );
      });
    },
  };
};

/**
 * Whether this call is the leg's. The first call that says so is it: the network may tell of a call before it answered
 * who asked for it.
 */
const claim = async (tx: Tx, legId: LegId, callId: ProviderCallId, nowMs: number): Promise<boolean> => {
  const leg = await tx.leg(legId);
  if (leg === null) return false;
  if (leg.callId !== null) return leg.callId === callId;
  const claimed = await applyLegEvent(tx, legId, { type: 'dialled', callId }, nowMs);
  return claimed?.callId === callId;
};
