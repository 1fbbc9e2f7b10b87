import type { PartyTalkTime, TalkTime } from '../talk-time/types.ts';
import type { Transcript } from '../transcript/types.ts';
import type { ExportInput } from './types.ts';

/**
 * A public format: fields may be added under the same `version`; any other change raises it. Times are whole milliseconds
 * from the start of the recording.
 */
interface JsonExport {
  readonly version: 1;
  readonly title: string;
  /** ISO 8601, UTC. */
  readonly recordedAt: string;
  readonly durationMs: number;
  /** BCP 47, when known. */
  readonly language: string | null;
  /** Each with its share of the words, 0 to 1, the most frequent first. */
  readonly languages: Transcript['languages'];
  /** The engine's diarization is unreliable. */
  readonly approximateSpeakers: boolean;
  /** Whole sentences about this engine's text. */
  readonly remarks: readonly string[];
  /** `speechMs + silenceMs` is `durationMs`; `overlapMs` is the part of speech in which two or more speak. */
  readonly talkTime: Pick<TalkTime, 'speechMs' | 'overlapMs' | 'silenceMs'>;
  readonly speakers: readonly JsonSpeaker[];
  readonly utterances: readonly JsonUtterance[];
}

/** `share` is 0 to 1, and all shares sum to 1 unless no one speaks. */
interface JsonSpeaker extends Omit<PartyTalkTime, 'party'> {
  readonly name: string;
  /** The chat service's id of the member, when one was chosen. */
  readonly memberId: string | null;
  /** False while the name is only "Speaker 2". */
  readonly named: boolean;
}

/** By start. Utterances of different speakers may overlap. */
interface JsonUtterance {
  /** Index in `speakers`. */
  readonly speaker: number;
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
}

export const toJson = ({ title, transcript, talkTime, recordedAtMs }: ExportInput): string => {
  const { durationMs, languages, approximateSpeakers, remarks, parties, utterances } = transcript;
  const { speechMs, overlapMs, silenceMs } = talkTime;
  const content: JsonExport = {
    version: 1,
    title: title.toWellFormed(),
    recordedAt: new Date(recordedAtMs).toISOString(),
    durationMs,
    language: languages[0]?.tag ?? null,
    languages,
    approximateSpeakers,
    remarks,
    talkTime: { speechMs, overlapMs, silenceMs },
    speakers: talkTime.parties.map(({ party, ...figures }) => {
      const { name, memberId, named } = parties[party]!;
      return { name, memberId, named, ...figures };
    }),
    utterances: utterances.map(({ party, startMs, endMs, text }) => ({
      speaker: party,
      startMs,
      endMs,
      text,
    })),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
};
