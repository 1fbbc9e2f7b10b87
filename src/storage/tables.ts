import type { ColumnType, Generated } from 'kysely';
import type { CallSettings, LegRecording } from '../core/calls/types.ts';
import type { RecordingSource } from '../core/conversation/types.ts';
import type { CaptionWord } from '../core/meeting/lines.ts';
import type { Delivery } from '../core/ports.ts';
import type { SpeakerNames, Transcription } from '../core/transcription.ts';

/** JSON goes in as the text that `toJson` made and comes out parsed. */
type Json<T> = ColumnType<T, string, string>;
type NullableJson<T> = ColumnType<T | null, string | null, string | null>;
/** Milliseconds since 1970. The driver gives a bigint as text. */
type Milliseconds = ColumnType<string, number, number>;
type NullableMilliseconds = ColumnType<string | null, number | null, number | null>;

/** The tables as the newest migration leaves them. Rows are written by nobody else, so their JSON is trusted. */
export interface Tables {
  conversation: ConversationTable;
  heard: { conversation_id: string; heard: Json<Transcription> };
  speaker_names: { conversation_id: string; names: Json<SpeakerNames> };
  delivery: { key: string; conversation_id: string; delivery: Json<Delivery> };
  meeting_party: { conversation_id: string; number: number; person_id: string; name: string };
  meeting_removed: { conversation_id: string; person_id: string };
  meeting_captions: { conversation_id: string; captions_on: boolean };
  meeting_line: MeetingLineTable;
  meeting_lease: { conversation_id: string; holder: string; url: string; until: Date };
  leg: LegTable;
  call_settings: { workspace_id: string; settings: Json<CallSettings> };
  own_number: { workspace_id: string; member_id: string; number: string };
  pin: { pin: string; conversation_id: string };
  meeting_link: { link_id: string; browser: string; taken_at_ms: Milliseconds };
  wrong_pin: { at_ms: Milliseconds; from_number: string };
}

export interface StoredLegState {
  readonly name: string;
  readonly how?: string;
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
  name: string;
  member_id: string | null;
  /** The member who had it rung. */
  rung_by: string | null;
  call_id: string | null;
  state: Json<StoredLegState>;
  hang_up_asked: boolean;
  declined: boolean;
  recording: NullableJson<LegRecording>;
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
  words: Json<readonly CaptionWord[]>;
}

export interface ConversationTable {
  id: string;
  /** What made it: the same origin is the same conversation. */
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
  // A recording's own.
  posted_in: string | null;
  position: number;
  source: NullableJson<RecordingSource>;
  // A meeting's own, and a call's.
  host: string | null;
  started_at_ms: NullableMilliseconds;
  ended_at_ms: NullableMilliseconds;
  state: Json<{ readonly name: string }>;
}
