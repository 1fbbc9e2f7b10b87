import type { ColumnType } from 'kysely';
import type { RecordingSource, RecordingState } from '../core/conversation/types.ts';
import type { Heard, SpeakerNames } from '../core/heard.ts';
import type { Delivery } from '../core/ports.ts';

/** JSON goes in as the text that `toJson` made and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** The tables as the newest migration leaves them. Rows are written by nobody else, so their JSON is trusted. */
export interface Tables {
  conversation: ConversationTable;
  heard: { conversation_id: string; heard: Json<Heard> };
  speaker_names: { conversation_id: string; names: Json<SpeakerNames> };
  delivery: { key: string; conversation_id: string; delivery: Json<Delivery> };
}

export interface ConversationTable {
  id: string;
  /** What made it: the same origin is the same conversation. */
  origin: string;
  kind: 'recording';
  workspace_id: string;
  channel_id: string;
  root_id: string;
  started_by: string;
  title: string;
  /** Milliseconds since 1970. The driver gives a bigint as text. */
  created_at_ms: ColumnType<string, number, number>;
  revision: number;
  posted_in: string;
  position: number;
  source: Json<RecordingSource>;
  state: Json<RecordingState>;
}
