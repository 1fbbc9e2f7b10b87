import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Leg, LegRecording, LegRole, LegState } from '../../core/calls/types.ts';
import type { RecordingId } from '../../core/ids.ts';
import { storable, toJson } from '../json.ts';
import { id, parseStored } from '../stored.ts';
import { fromStoredName, toStoredName } from '../stored-names.ts';
import type { LegTable } from '../tables.ts';

const role: z.ZodType<LegRole> = z
  .string()
  .transform((name) => fromStoredName('legRole', name))
  .pipe(z.enum(['callee', 'caller', 'added', 'inbound']));

const answeredBy = z.enum(['unknown', 'person', 'machine']);
const ending = z
  .string()
  .transform((name) => fromStoredName('legEnding', name))
  .pipe(z.enum(['hung-up', 'busy', 'no-answer', 'cancelled', 'failed', 'room-full']));

const legState: z.ZodType<LegState> = z
  .looseObject({ name: z.string().transform((name) => fromStoredName('legState', name)) })
  .pipe(
    z.discriminatedUnion('name', [
      z.looseObject({ name: z.literal('queued') }),
      z.looseObject({ name: z.literal('dialling') }),
      z.looseObject({ name: z.literal('ringing') }),
      z.looseObject({ name: z.literal('answered'), by: answeredBy }),
      z.looseObject({
        name: z.literal('ended'),
        how: ending,
        reason: z.string().nullable(),
        by: answeredBy,
      }),
    ]),
  );

const legRecording: z.ZodType<LegRecording> = z.looseObject({
  id: id<RecordingId>(),
  state: z.enum(['running', 'ready', 'absent', 'kept', 'deleted']),
  beganAtMs: z.number().nullable(),
});

/** All of a leg; its workspace and channel are its conversation's. */
export const toLegRow = (leg: Leg) => ({
  id: leg.id,
  conversation_id: leg.conversationId,
  role: toStoredName('legRole', leg.role),
  number: leg.number,
  extension: leg.extension,
  name: storable(leg.name),
  member_id: leg.memberId,
  rung_by: leg.requestedBy,
  call_id: leg.callId,
  state: toJson({
    ...leg.state,
    name: toStoredName('legState', leg.state.name),
    ...(leg.state.name === 'ended' ? { how: toStoredName('legEnding', leg.state.how) } : {}),
  }),
  hang_up_asked: leg.hangUpRequested,
  declined: leg.declined,
  recording: leg.recording === null ? null : toJson(leg.recording),
  created_at_ms: leg.createdAtMs,
  answered_at_ms: leg.answeredAtMs,
  ended_at_ms: leg.endedAtMs,
});

/** @throws AppError, retryable, for a row of a newer version. */
export const fromLegRow = (row: Selectable<LegTable>): Leg => ({
  id: row.id as Leg['id'],
  conversationId: row.conversation_id as Leg['conversationId'],
  role: parseStored(role, row.role),
  number: row.number as Leg['number'],
  extension: row.extension,
  name: row.name,
  memberId: row.member_id as Leg['memberId'],
  requestedBy: row.rung_by as Leg['requestedBy'],
  callId: row.call_id as Leg['callId'],
  state: parseStored(legState, row.state),
  hangUpRequested: row.hang_up_asked,
  declined: row.declined,
  recording: row.recording === null ? null : parseStored(legRecording, row.recording),
  createdAtMs: Number(row.created_at_ms),
  answeredAtMs: row.answered_at_ms === null ? null : Number(row.answered_at_ms),
  endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
});
