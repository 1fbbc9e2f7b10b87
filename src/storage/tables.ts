import type { ColumnType, Generated } from 'kysely';
import type { CaptionWord } from '../core/transcription.ts';

/** JSON is written as text by `toJson`, and parsed by the schema of its subject when it is read. */
type Json = ColumnType<unknown, string, string>;
type NullableJson = ColumnType<unknown, string | null, string | null>;
/** Milliseconds since 1970. The driver returns a bigint as text. */
type Milliseconds = ColumnType<string, number, number>;
type NullableMilliseconds = ColumnType<string | null, number | null, number | null>;

/** The tables as the newest migration leaves them. Their names are those of the first release. */
export interface Tables {
  conversation: ConversationTable;
  /** Transcriptions. */
  heard: { conversation_id: string; heard: Json };
  speaker_names: { conversation_id: string; names: Json };
  delivery: { key: string; conversation_id: string; delivery: Json };
  meeting_party: { conversation_id: string; number: number; person_id: string; name: string };
  meeting_removed: { conversation_id: string; person_id: string };
  meeting_captions: { conversation_id: string; captions_on: boolean };
  meeting_line: MeetingLineTable;
  meeting_lease: { conversation_id: string; holder: string; url: string; until: Date };
  leg: LegTable;
  call_settings: { workspace_id: string; settings: Json };
  own_number: { workspace_id: string; member_id: string; number: string };
  pin: { pin: string; conversation_id: string };
  meeting_link: { link_id: string; browser: string; taken_at_ms: Milliseconds };
  wrong_pin: { at_ms: Milliseconds; from_number: string };
}

export interface LegTable {
  id: string;
  /** Grows with every leg that is added. */
  added: Generated<string>;
  conversation_id: string;
  workspace_id: string;
  channel_id: string;
  role: string;
  number: string;
  extension: string | null;
  name: string;
  member_id: string | null;
  /** The member who requested the call. */
  rung_by: string | null;
  call_id: string | null;
  state: Json;
  hang_up_asked: boolean;
  declined: boolean;
  recording: NullableJson;
  created_at_ms: Milliseconds;
  answered_at_ms: NullableMilliseconds;
  ended_at_ms: NullableMilliseconds;
}

interface MeetingLineTable {
  conversation_id: string;
  number: number;
  id: string;
  party: number;
  start_ms: number;
  end_ms: number;
  text: string;
  words: ColumnType<readonly CaptionWord[], string, string>;
}

export interface ConversationTable {
  id: string;
  /** What created it: one origin is one conversation. */
  origin: string;
  kind: 'recording' | 'meeting' | 'call';
  workspace_id: string;
  channel_id: string;
  /** Null for a meeting or a call whose card is not posted. */
  root_id: string | null;
  started_by: string;
  title: string;
  created_at_ms: Milliseconds;
  revision: number;
  // Of recordings.
  posted_in: string | null;
  position: number;
  source: NullableJson;
  // Of meetings and calls.
  host: string | null;
  started_at_ms: NullableMilliseconds;
  ended_at_ms: NullableMilliseconds;
  state: Json;
}
