import type { ProviderCallId } from '../ids.ts';
import type { AnsweredBy, Leg, LegEnding, LegEvent, LegRecording, LegState } from './types.ts';

/** A leg to be dialled; with a `callId` an inbound one, which is answered already. */
export const newLeg = (
  request: Pick<Leg, 'id' | 'conversationId' | 'role' | 'number' | 'name' | 'memberId' | 'requestedBy'> & {
    readonly extension?: string | null;
    readonly callId?: ProviderCallId;
  },
  nowMs: number,
): Leg => ({
  id: request.id,
  conversationId: request.conversationId,
  role: request.role,
  number: request.number,
  extension: request.extension ?? null,
  name: request.name,
  memberId: request.memberId,
  requestedBy: request.requestedBy,
  callId: request.callId ?? null,
  state: request.callId === undefined ? { name: 'queued' } : { name: 'answered', by: 'unknown' },
  hangUpRequested: false,
  declined: false,
  recording: null,
  createdAtMs: nowMs,
  answeredAtMs: request.callId === undefined ? null : nowMs,
  endedAtMs: null,
});

/**
 * The life of a leg: queued -> dialling -> ringing -> answered -> ended, only ever forward. Webhooks arrive twice, late
 * and in any order, and lead to the same state in every order; only the times are those of the first event. An event
 * that changes nothing returns the same object.
 */
export const decideLeg = (leg: Leg, event: LegEvent, nowMs: number): Leg => {
  switch (event.type) {
    case 'dial-started':
      return leg.state.name === 'queued' ? { ...leg, state: { name: 'dialling' } } : leg;
    case 'dialled': {
      const known = leg.callId === null ? { ...leg, callId: event.callId } : leg;
      return known.state.name === 'queued' ? { ...known, state: { name: 'dialling' } } : known;
    }
    case 'ringing':
      return leg.state.name === 'queued' || leg.state.name === 'dialling'
        ? { ...leg, state: { name: 'ringing' } }
        : leg;
    case 'answered':
      return markAnswered(leg, 'unknown', nowMs);
    case 'answered-by':
      // Only an answered call can be classified, so this implies the answer.
      return markAnswered(leg, event.by, nowMs);
    case 'ended':
      return markEnded(leg, event, nowMs);
    case 'hang-up-requested':
      // It was never dialled, and will not be.
      if (leg.state.name === 'queued') return toEnded(leg, 'cancelled', null, nowMs);
      return leg.state.name === 'ended' || leg.hangUpRequested ? leg : { ...leg, hangUpRequested: true };
    case 'declined':
      return leg.declined ? leg : { ...leg, declined: true };
    case 'recording-began':
    case 'recording-ready':
    case 'recording-absent':
    case 'recording-kept':
    case 'recording-deleted':
      return applyRecordingEvent(leg, event);
  }
};

const markAnswered = (leg: Leg, by: AnsweredBy, nowMs: number): Leg => {
  const { state } = leg;
  if (state.name === 'answered' || state.name === 'ended') {
    const next = answeredState(state, by);
    if (next === state && leg.answeredAtMs !== null) return leg;
    return {
      ...leg,
      state: next,
      answeredAtMs: leg.answeredAtMs ?? Math.min(nowMs, leg.endedAtMs ?? nowMs),
    };
  }
  return { ...leg, state: { name: 'answered', by }, answeredAtMs: nowMs };
};

/**
 * The first known `by` stays. An answer that is reported after the end corrects it: an answered call was neither
 * unanswered nor cancelled.
 */
const answeredState = (
  state: Extract<LegState, { name: 'answered' | 'ended' }>,
  by: AnsweredBy,
): LegState => {
  const known = state.by === 'unknown' ? by : state.by;
  if (state.name === 'answered') return known === state.by ? state : { ...state, by: known };
  const how = endingOfAnswered(state.how);
  return known === state.by && how === state.how ? state : { ...state, how, by: known };
};

const endingOfAnswered = (how: LegEnding): LegEnding =>
  how === 'failed' || how === 'room-full' ? how : 'hung-up';

/**
 * The first ending stays, because people have seen it. The provider reports one only; another is our own guess about a
 * call without news, or its report on a call that we gave up. A reason may still be added.
 */
const markEnded = (leg: Leg, event: Extract<LegEvent, { type: 'ended' }>, nowMs: number): Leg => {
  const { state } = leg;
  if (state.name === 'ended') {
    const addsReason = state.reason === null && event.reason !== null && state.how === event.how;
    return addsReason ? { ...leg, state: { ...state, reason: event.reason } } : leg;
  }
  if (state.name === 'answered') return toEnded(leg, endingOfAnswered(event.how), event.reason, nowMs);
  // Providers report a ringing call that our side hangs up under several names.
  if (leg.hangUpRequested && event.how !== 'failed') return toEnded(leg, 'cancelled', null, nowMs);
  const wasConnected = event.how === 'hung-up' || event.how === 'room-full';
  const atEnd = wasConnected ? { ...leg, answeredAtMs: nowMs } : leg;
  return toEnded(atEnd, event.how, event.reason, nowMs);
};

const toEnded = (leg: Leg, how: LegEnding, reason: string | null, nowMs: number): Leg => ({
  ...leg,
  state: { name: 'ended', how, reason, by: leg.state.name === 'answered' ? leg.state.by : 'unknown' },
  hangUpRequested: false,
  endedAtMs: Math.max(nowMs, leg.answeredAtMs ?? nowMs),
});

type RecordingEvent = Extract<LegEvent, { type: `recording-${string}` }>;

/** In order: a recording only moves forward. */
const STEPS: readonly LegRecording['state'][] = ['running', 'absent', 'ready', 'kept', 'deleted'];

const STATE_AFTER: Record<RecordingEvent['type'], LegRecording['state']> = {
  'recording-began': 'running',
  'recording-absent': 'absent',
  'recording-ready': 'ready',
  'recording-kept': 'kept',
  'recording-deleted': 'deleted',
};

const applyRecordingEvent = (leg: Leg, event: RecordingEvent): Leg => {
  const { recording } = leg;
  const after = STATE_AFTER[event.type];
  if (!('recordingId' in event)) {
    return recording === null ? leg : advanceRecording(leg, recording, after, null);
  }
  const beganAtMs = event.type === 'recording-began' ? event.beganAtMs : null;
  // After a crash between the request and its storing, the first event of a recording is its end.
  const isNew = recording === null || (recording.id !== event.recordingId && recording.state === 'absent');
  if (isNew && (recording === null || after !== 'absent')) {
    return { ...leg, recording: { id: event.recordingId, state: after, beganAtMs } };
  }
  return recording?.id === event.recordingId ? advanceRecording(leg, recording, after, beganAtMs) : leg;
};

const advanceRecording = (
  leg: Leg,
  recording: LegRecording,
  after: LegRecording['state'],
  beganAtMs: number | null,
): Leg => {
  const state = STEPS.indexOf(after) > STEPS.indexOf(recording.state) ? after : recording.state;
  const began = recording.beganAtMs ?? beganAtMs;
  return state === recording.state && began === recording.beganAtMs
    ? leg
    : { ...leg, recording: { ...recording, state, beganAtMs: began } };
};
