import { isPhonePersonId } from '../calls/person.ts';
import type { MemberId } from '../ids.ts';
import type { CaptionWord, SpeakerNames, Transcription, VoiceId } from '../transcription.ts';

/** A participant of a meeting. Their index in the list of parties is their number in lines and captions. */
export interface MeetingParty {
  readonly personId: MemberId;
  readonly name: string;
}

/** A final caption as it is stored. */
export interface MeetingLine {
  /** 1, 2, 3 … in the order of becoming final. */
  readonly number: number;
  /** The caption's. Unique in the meeting. */
  readonly id: string;
  readonly party: number;
  /** On the meeting's clock. */
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly CaptionWord[];
}

/**
 * The transcription of a meeting: one voice a party, with the party's number as speaker. All are on one channel, so that
 * two people who say "Bye" at once are not taken for an echo.
 */
export const transcriptionFromLines = (lines: readonly MeetingLine[], durationMs: number): Transcription => ({
  durationMs: Math.max(0, Math.round(durationMs)),
  language: null,
  words: lines.flatMap(({ party, words }) => words.map((word) => ({ ...word, channel: 0, speaker: party }))),
  approximateSpeakers: false,
  remarks: [],
});

/** Everyone by the name under which they joined. A phone is not a member, even when it belongs to one. */
export const namesFromParties = (parties: readonly MeetingParty[]): SpeakerNames =>
  Object.fromEntries(
    parties.map(({ personId, name }, party): [VoiceId, SpeakerNames[VoiceId]] => [
      `0:${party}`,
      isPhonePersonId(personId) ? { name } : { name, memberId: personId },
    ]),
  );
