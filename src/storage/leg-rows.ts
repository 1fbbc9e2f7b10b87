import type { Selectable } from 'kysely';
import type { Leg, LegRole, LegState } from '../core/calls/types.ts';
import { storable, toJson } from './json.ts';
import { fromStoredName, toStoredName } from './stored-names.ts';
import type { LegTable, StoredLegState } from './tables.ts';

/** All of a leg; its workspace and channel are its conversation's. */
export const toLegRow = (leg: Leg) => ({
  id: leg.id,
  conversation_id: leg.conversationId,
  role: toStoredName('legRole', leg.role),
  number: leg.number,
  name: storable(leg.name),
  member_id: leg.memberId,
  rung_by: leg.requestedBy,
  call_id: leg.callId,
  state: toJson(toStoredState(leg.state)),
  hang_up_asked: leg.hangUpRequested,
  declined: leg.declined,
  recording: leg.recording === null ? null : toJson(leg.recording),
  created_at_ms: leg.createdAtMs,
  answered_at_ms: leg.answeredAtMs,
  ended_at_ms: leg.endedAtMs,
});

/** The ids were branded when they came in; what went out of here as an id comes back as one. */
export const fromLegRow = (row: Selectable<LegTable>): Leg => ({
  id: row.id as Leg['id'],
  conversationId: row.conversation_id as Leg['conversationId'],
  role: fromStoredName('legRole', row.role) as LegRole,
  number: row.number as Leg['number'],
  name: row.name,
  memberId: row.member_id as Leg['memberId'],
  requestedBy: row.rung_by as Leg['requestedBy'],
  callId: row.call_id as Leg['callId'],
  state: fromStoredState(row.state),
  hangUpRequested: row.hang_up_asked,
  declined: row.declined,
  recording: row.recording,
  createdAtMs: Number(row.created_at_ms),
  answeredAtMs: row.answered_at_ms === null ? null : Number(row.answered_at_ms),
  endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
});

const toStoredState = (state: LegState) => ({
  ...state,
  name: toStoredName('legState', state.name),
  ...(state.name === 'ended' ? { how: toStoredName('legEnding', state.how) } : {}),
});

const fromStoredState = (stored: StoredLegState): LegState =>
  ({
    ...stored,
    name: fromStoredName('legState', stored.name),
    ...(stored.how === undefined ? {} : { how: fromStoredName('legEnding', stored.how) }),
  }) as LegState;
