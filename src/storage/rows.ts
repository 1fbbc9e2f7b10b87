import type { Selectable } from 'kysely';
import type {
  Conversation,
  MeetingConversation,
  MeetingState,
  RecordingConversation,
  RecordingState,
} from '../core/conversation/types.ts';
import type { ConversationId, Thread } from '../core/ids.ts';
import { storable, toJson } from './json.ts';
import { fromStoredName, toStoredName } from './stored-names.ts';
import type { ConversationTable } from './tables.ts';

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

/** The ids were branded when they came in; what went out of here as an id comes back as one. */
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
  const state = { ...row.state, name: fromStoredName('conversationState', row.state.name) };
  const thread = row.root_id === null ? null : ({ ...channel, rootId: row.root_id } as Thread);
  // The table's own check says which columns each kind has.
  return row.kind === 'recording'
    ? {
        ...common,
        kind: row.kind,
        thread: thread!,
        postedIn: row.posted_in as RecordingConversation['postedIn'],
        position: row.position,
        source: row.source!,
        state: state as RecordingState,
      }
    : {
        ...common,
        kind: row.kind,
        channel,
        thread,
        host: row.host as MeetingConversation['host'],
        startedAtMs: row.started_at_ms === null ? null : Number(row.started_at_ms),
        endedAtMs: row.ended_at_ms === null ? null : Number(row.ended_at_ms),
        state: state as MeetingState,
      };
};

export const isRecording = (conversation: Conversation): conversation is RecordingConversation =>
  conversation.kind === 'recording';
