import type { ColumnType } from 'kysely';
import type { MeetingState, RecordingSource, RecordingState } from '../core/conversation/types.ts';
import type { Heard, SpeakerNames } from '../core/heard.ts';
import type { LineWord } from '../core/meeting/lines.ts';
import type { Delivery } from '../core/ports.ts';

/** JSON goes in as the text that `toJson` made and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;

/** The tables as the newest migration leaves them. Rows are written by nobody else, so their JSON is trusted. */
export interface Tables {
  conversation: ConversationTable;
  heard: { conversation_id: string; heard: Json<Heard> };
  speaker_names: { conversation_id: string; names: Json<SpeakerNames> };
  delivery: { key: string; conversation_id: string; delivery: Json<Delivery> };
  meeting_party: { conversation_id: string; number: number; person_id: string; name: string };
  meeting_removed: { conversation_id: string; person_id: string };
  meeting_captions: { conversation_id: string; captions_on: boolean };
  meeting_line: MeetingLineTable;
  meeting_lease: { conversation_id: string; holder: string; url: string; until: Date };
}

interface MeetingLineTable {
  conversation_id: string;
  number: number;
  id: string;
  party: number;
  start_ms: number;
  end_ms: number;
  text: string;
  words: Json<readonly LineWord[]>;
}

export interface ConversationTable {
  id: string;
  /** What made it: the same origin is the same conversation. */
  origin: string;
  kind: 'recording' | 'meeting';
  workspace_id: string;
  channel_id: string;
  /** Null for a meeting whose card is not posted. */
  root_id: string | null;
  started_by: string;
  title: string;
  /** Milliseconds since 1970. The driver gives a bigint as text. */
  created_at_ms: ColumnType<string, number, number>;
  revision: number;
  // A recording's own.
  posted_in: string | null;
  position: number;
  source: ColumnType<RecordingSource | null, string | null, string | null>;
  // A meeting's own.
  host: string | null;
  started_at_ms: ColumnType<string | null, number | null, number | null>;
  ended_at_ms: ColumnType<string | null, number | null, number | null>;
  state: Json<RecordingState | MeetingState>;
}
