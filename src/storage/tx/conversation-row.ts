import type { Selectable } from 'kysely';
import { z } from 'zod';
import type {
  Conversation,
  MeetingConversation,
  MeetingState,
  RecordingConversation,
  RecordingSource,
  RecordingState,
} from '../../core/conversation/types.ts';
import type { ConversationId, FileId, MemberId, Thread } from '../../core/ids.ts';
import { storable, toJson } from '../json.ts';
import { errorCode, id, parseStored } from '../stored.ts';
import { fromStoredName, toStoredName } from '../stored-names.ts';
import type { ConversationTable } from '../tables.ts';

const storedName = z.string().transform((name) => fromStoredName('conversationState', name));
/** The name as this version knows it, before the states are told apart by it. */
const renamed = z.looseObject({ name: storedName });

const published = z.looseObject({ name: z.literal('published'), atMs: z.number(), inFile: z.boolean() });
const undelivered = z.looseObject({
  name: z.literal('undelivered'),
  because: errorCode,
  sent: z.boolean(),
});
const failure = { name: z.literal('failed'), code: errorCode, message: z.string() };

const recordingState: z.ZodType<RecordingState> = renamed.pipe(
  z.discriminatedUnion('name', [
    z.looseObject({ name: z.literal('waiting'), because: errorCode.nullable() }),
    z.looseObject({ name: z.literal('transcribing') }),
    z.looseObject({ name: z.literal('transcribed') }),
    published,
    undelivered,
    z.looseObject({ ...failure, mayRetry: z.boolean() }),
    z.looseObject({ name: z.literal('withdrawn') }),
  ]),
);

const meetingState: z.ZodType<MeetingState> = renamed.pipe(
  z.discriminatedUnion('name', [
    z.looseObject({ name: z.literal('opening') }),
    z.looseObject({ name: z.literal('open') }),
    z.looseObject({ name: z.literal('ending'), by: id<MemberId>().nullable() }),
    z.looseObject({ name: z.literal('ended') }),
    z.looseObject({ name: z.literal('transcribed') }),
    published,
    undelivered,
    z.looseObject(failure),
  ]),
);

const recordingSource: z.ZodType<RecordingSource> = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('chat-file'),
    fileId: id<FileId>(),
    name: z.string(),
    sizeBytes: z.number().nullable(),
  }),
  z.looseObject({ type: z.literal('link'), url: z.string(), name: z.string() }),
]);

/** One row a conversation, of whatever kind; the columns of other kinds are null. */
export const toRow = (conversation: Conversation) => ({
  id: conversation.id,
  kind: conversation.kind,
  started_by: conversation.startedBy,
  title: storable(conversation.title),
  created_at_ms: conversation.createdAtMs,
  revision: conversation.revision,
  state: toJson({
    ...conversation.state,
    name: toStoredName('conversationState', conversation.state.name),
  }),
  ...(conversation.kind === 'recording' ? recordingColumns(conversation) : meetingColumns(conversation)),
});

const recordingColumns = ({ thread, postedIn, position, source }: RecordingConversation) => ({
  workspace_id: thread.workspaceId,
  channel_id: thread.channelId,
  root_id: thread.rootId,
  posted_in: postedIn,
  position,
  source: toJson(source),
  host: null,
  started_at_ms: null,
  ended_at_ms: null,
});

const meetingColumns = ({ channel, thread, host, startedAtMs, endedAtMs }: MeetingConversation) => ({
  workspace_id: channel.workspaceId,
  channel_id: channel.channelId,
  root_id: thread?.rootId ?? null,
  posted_in: null,
  position: 0,
  source: null,
  host,
  started_at_ms: startedAtMs,
  ended_at_ms: endedAtMs,
});

/** @throws AppError, retryable, for a row of a newer version. */
export const fromRow = (row: Selectable<ConversationTable>): Conversation => {
  const channel = {
    workspaceId: row.workspace_id,
    channelId: row.channel_id,
  } as MeetingConversation['channel'];
  const common = {
    id: row.id as ConversationId,
    startedBy: row.started_by as Conversation['startedBy'],
    title: row.title,
    createdAtMs: Number(row.created_at_ms),
    revision: row.revision,
  };
  const thread = row.root_id === null ? null : ({ ...channel, rootId: row.root_id } as Thread);
  // The table's check constraint says which columns each kind has.
  return row.kind === 'recording'
    ? {
        ...common,
        kind: row.kind,
        thread: thread!,
        postedIn: row.posted_in as RecordingConversation['postedIn'],
        position: row.position,
        source: parseStored(recordingSource, row.source),
        state: parseStored(recordingState, row.state),
      }
    : {
        ...common,
        kind: row.kind,
        channel,
        thread,
        host: row.host as MeetingConversation['host'],
        startedAtMs: row.started_at_ms === null ? null : Number(row.started_at_ms),
        endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
        state: parseStored(meetingState, row.state),
      };
};
