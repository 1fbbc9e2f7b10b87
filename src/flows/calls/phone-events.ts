import { closingAnnouncement, openingAnnouncement } from '../../core/calls/announcements.ts';
import { phonePersonId } from '../../core/calls/person.ts';
import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import { DECLINE_KEY, SPOKEN } from '../../core/calls/spoken.ts';
import type { CallSettings, Leg } from '../../core/calls/types.ts';
import type { MeetingConversation } from '../../core/conversation/types.ts';
import type { LegId, ProviderCallId, RecordingId } from '../../core/ids.ts';
import { type Capture, captureOf, recordingOf } from '../../core/meeting/capture.ts';
import type {
  AnswerProgress,
  AudioLostInstruction,
  CallInstruction,
  Chat,
  Clock,
  Log,
  PhoneEvents,
  Rooms,
  Store,
  Tx,
} from '../../core/ports.ts';
import { retry, untilDone } from '../../core/retry.ts';
import type { Instance } from '../meetings/lease.ts';
import type { CallOptions } from '../meetings/phones/dial-out.ts';
import { applyLegEvent, isOver } from '../meetings/phones/legs.ts';
import type { MeetingRegistry } from '../meetings/registry.ts';
import { waitForMedia } from '../meetings/wait-for-media.ts';
import { CALLS, SOMEONE } from '../sentences.ts';
import { isMeeting } from '../util/conversations.ts';
import { memberName } from '../util/member-name.ts';
import { createDialIn } from './dial-in.ts';

export interface PhoneEventPorts {
  readonly store: Store;
  readonly chat: Chat;
  readonly clock: Clock;
  readonly log: Log;
  readonly rooms: Rooms;
  readonly instance: Instance;
  readonly calls: Pick<CallOptions, 'phone' | 'limits' | 'newLegId'> | null;
  readonly meetings: Pick<MeetingRegistry, 'host' | 'legsChanged'>;
}

const STORE_TIMEOUT_MS = 60_000;
/** The network expects an answer within seconds, and the person on the phone hears nothing meanwhile. */
const MEDIA_TIMEOUT_MS = 3_000;
/** Without media by then, the phone waits and asks again, for more than a minute altogether. */
const WAIT_MS = 4_000;
const MAX_ATTEMPTS = 10;
/** A phone whose audio never flowed after so many instructions to connect it is hung up. */
const MAX_CONNECTS = 3;

/**
 * When the audio of a phone that is hosted here breaks off because this process dies, there may be no one to ask until
 * it has started again; the next host of the call reconnects the phone sooner than this.
 */
const BROKEN_HERE: AudioLostInstruction = { say: [SPOKEN.broken], pausesMs: [12_000, 12_000, 12_000] };
/** When its host dies, the other instances still answer, and soon one of them hosts the call. */
const BROKEN_ELSEWHERE: AudioLostInstruction = { say: [], pausesMs: [2_000] };

/** Answers the phone network: what it asks, and what it reports. */
export const createPhoneEvents = (ports: PhoneEventPorts): PhoneEvents => {
  const { store, clock, log, calls, meetings } = ports;
  const maxDurationMs = calls?.limits.maxDurationMs ?? Number.POSITIVE_INFINITY;

  /** Whose audio the network could not connect, until it flows. */
  const withoutAudio = new Set<LegId>();

  /** A phone whose audio never flowed tries again at once: what it would wait for is a restart, and this runs. */
  const audioFailed = async (legId: LegId, callId: ProviderCallId, progress: AnswerProgress) => {
    const isWaiting = await store.transact(async (tx) => {
      const leg = (await claim(tx, legId, callId, clock.nowMs())) ? await tx.leg(legId) : null;
      if (leg === null || isOver(leg) || leg.hangUpRequested) return false;
      return !(await wasConnected(tx, leg));
    });
    if (!isWaiting) return;
    withoutAudio.add(legId);
    await calls?.phone.redirectCall(legId, callId, progress);
  };

  const handleEvent: PhoneEvents['handleEvent'] = async (legId, callId, event) => {
    if (event.type === 'audio-failed') return audioFailed(legId, callId, event.progress);
    // Hung up while it was tried again.
    const isUnheard = event.type === 'ended' && withoutAudio.delete(legId) && event.how === 'hung-up';
    const known = isUnheard ? ({ type: 'ended', how: 'failed', reason: CALLS.noAudio } as const) : event;
    const { leg, isNews } = await store.transact(async (tx) => {
      const isFirst = (await tx.leg(legId))?.callId === null;
      if (!(await claim(tx, legId, callId, clock.nowMs()))) return { leg: null, isNews: false };
      const after = await applyLegEvent(tx, legId, known, clock.nowMs());
      // A process that dies as a recording begins leaves one that no one knows of; and a deletion may have missed it.
      if (event.type === 'recording-ready' && isStray(after, event.recordingId)) {
        await tx.enqueue({ name: 'reconcile-leg', legId });
      }
      return { leg: after, isNews: isFirst };
    });
    if (leg === null) return;
    meetings.legsChanged(leg.conversationId);
    // It was given up before the network said that the phone rings.
    if (isNews && isOver(leg) && event.type !== 'ended') await calls?.phone.hangUp(callId);
  };

  const answered: PhoneEvents['answered'] = async (legId, callId, progress) => {
    const state = await store.transact(async (tx): Promise<Answered | readonly string[]> => {
      const nowMs = clock.nowMs();
      if (!(await claim(tx, legId, callId, nowMs))) return [];
      const leg = await applyLegEvent(tx, legId, { type: 'answered' }, nowMs);
      const conversation = leg === null ? null : await tx.conversation(leg.conversationId);
      if (leg === null || !isMeeting(conversation)) return [];
      if (conversation.state.name !== 'open' || leg.hangUpRequested || isOver(leg)) {
        return closingAnnouncement(leg, conversation, { maxDurationMs, nowMs });
      }
      const wasIn = await wasConnected(tx, leg);
      if (!wasIn && progress.connects >= MAX_CONNECTS) {
        await applyLegEvent(tx, legId, { type: 'ended', how: 'failed', reason: CALLS.noAudio }, nowMs);
        return [SPOKEN.noAudio];
      }
      const settings = (await tx.callSettings(conversation.channel.workspaceId)) ?? DEFAULT_SETTINGS;
      return { leg, conversation, settings, capture: await storedCapture(tx, conversation, settings), wasIn };
    });
    if (!('leg' in state)) return { next: 'hang-up', say: state };
    meetings.legsChanged(state.conversation.id);
    if (!state.wasIn && progress.connects > 0 && progress.attempts === 0) return tryAgain(legId, progress);
    return connectTo(ports, state.leg, await announcements(ports, state, progress), progress);
  };

  const decline = async (legId: LegId): Promise<void> => {
    const leg = await store.transact((tx) => applyLegEvent(tx, legId, { type: 'declined' }, clock.nowMs()));
    if (leg !== null) meetings.legsChanged(leg.conversationId);
  };

  return {
    handleEvent,
    answered,
    ...createDialIn({ ...ports, answered }),

    async keyPressed(legId, callId, key) {
      const isMine = await store.transact((tx) => claim(tx, legId, callId, clock.nowMs()));
      if (!isMine) return { next: 'hang-up', say: [] };
      const declines = key === DECLINE_KEY;
      const answer = await answered(legId, callId, { noticePlayed: declines, attempts: 0, connects: 0 });
      if (!declines || answer.next === 'hang-up') return answer;
      await decline(legId);
      return { ...answer, say: [SPOKEN.declined] };
    },

    async connect(legId, callId, output) {
      const leg = await store.transact(async (tx) =>
        (await claim(tx, legId, callId, clock.nowMs())) ? tx.leg(legId) : null,
      );
      if (leg === null || isOver(leg) || leg.hangUpRequested) return null;
      const hosting = await meetings.host(leg.conversationId);
      if (hosting.kind !== 'hosted') return null;
      withoutAudio.delete(legId);
      return hosting.session.connect(leg, output, (key) => {
        if (key !== DECLINE_KEY) return;
        // No one presses it twice because the database was away for a moment.
        retry(() => decline(legId), {
          clock,
          signal: clock.timeoutSignal(STORE_TIMEOUT_MS),
          waitAfter: untilDone(log, 'a refusal could not be stored yet'),
        }).catch((error: unknown) => log.error({ err: error, leg: legId }, 'a refusal was not stored'));
      });
    },
  };
};

const isStray = (leg: Leg | null, id: RecordingId): boolean =>
  leg?.recording?.id !== id || leg.recording.state === 'deleted';

interface Answered {
  readonly leg: Leg;
  readonly conversation: MeetingConversation;
  readonly settings: CallSettings;
  readonly capture: Capture;
  /** Its audio broke off: it has heard the notice. */
  readonly wasIn: boolean;
}

/** What a phone hears before its audio connects. */
const announcements = async (
  ports: PhoneEventPorts,
  { leg, conversation, settings, capture, wasIn }: Answered,
  { noticePlayed, connects }: AnswerProgress,
): Promise<readonly string[]> => {
  if (wasIn) return [SPOKEN.again];
  if (connects > 0) return [];
  if (noticePlayed) return [SPOKEN.connected];
  const { channel, startedBy } = conversation;
  const caller = await memberName(ports, channel.workspaceId, leg.requestedBy ?? startedBy);
  return [openingAnnouncement(leg, conversation, settings, caller ?? SOMEONE, capture)];
};

const storedCapture = async (
  tx: Tx,
  { id, kind }: MeetingConversation,
  { recordings }: CallSettings,
): Promise<Capture> => {
  const recording = recordingOf(kind, await tx.legsOf(id));
  const { captionsOn } = await tx.meeting(id);
  return captureOf(kind, { recording, captionsOn, kept: recordings === 'keep' });
};

/** Its audio did not connect, which may pass: it connects again after a moment. */
const tryAgain = (legId: LegId, progress: AnswerProgress): CallInstruction => ({
  next: 'wait',
  legId,
  say: [SPOKEN.notReady],
  forMs: WAIT_MS,
  progress: { ...progress, attempts: 1 },
});

/** Whether the audio of a phone flowed at any time. */
const wasConnected = async (tx: Tx, { id, conversationId }: Leg): Promise<boolean> =>
  (await tx.meeting(conversationId)).parties.some(({ personId }) => personId === phonePersonId(id));

/** Connects the audio to the instance that hosts the conversation. */
const connectTo = async (
  { rooms, clock, instance, meetings }: PhoneEventPorts,
  { id: legId, conversationId }: Leg,
  say: readonly string[],
  { noticePlayed, attempts, connects }: AnswerProgress,
): Promise<CallInstruction> => {
  const hasMedia = await waitForMedia({ rooms, clock }, MEDIA_TIMEOUT_MS);
  if (!hasMedia && attempts < MAX_ATTEMPTS) {
    const progress = { noticePlayed, attempts: attempts + 1, connects };
    // Often enough that no one takes the silence for the end of the call.
    const say = attempts % 3 === 0 ? [SPOKEN.notReady] : [];
    return { next: 'wait', legId, say, forMs: WAIT_MS, progress };
  }
  const hosting = await meetings.host(conversationId);
  const progress = { noticePlayed: true, attempts: 0, connects: connects + 1 };
  switch (hosting.kind) {
    case 'hosted':
      hosting.session.connecting(legId);
      return { next: 'connect', legId, say, url: instance.url() ?? '', progress, broken: BROKEN_HERE };
    case 'redirect':
      return { next: 'connect', legId, say, url: hosting.url, progress, broken: BROKEN_ELSEWHERE };
    case 'closed':
      return { next: 'hang-up', say: [hosting.sentence] };
  }
};

/**
 * Whether this call is the leg's. The first call that says so is: the network may report on a call before it has
 * answered the request that dialled it.
 */
const claim = async (tx: Tx, legId: LegId, callId: ProviderCallId, nowMs: number): Promise<boolean> => {
  const leg = await tx.leg(legId);
  if (leg === null) return false;
  if (leg.callId !== null) return leg.callId === callId;
  const claimed = await applyLegEvent(tx, legId, { type: 'dialled', callId }, nowMs);
  return claimed?.callId === callId;
};
