import type { TalkTime } from '../talk-time/types.ts';
import type { Transcript } from '../transcript/types.ts';

export interface ExportInput {
  readonly title: string;
  readonly transcript: Transcript;
  /** Of this transcript. */
  readonly talkTime: TalkTime;
  /** When Parley received the recording, in milliseconds since 1970. */
  readonly recordedAtMs: number;
}

export interface ExportedFile {
  /** Safe for every file system, with the format's extension. */
  readonly fileName: string;
  readonly mimeType: string;
  readonly text: string;
}
