import { isPhonePersonId } from '../calls/person.ts';
import type { MemberId } from '../ids.ts';
import type { SpeakerNames, TranscribedWord, Transcription, VoiceId } from '../transcription.ts';

/** Somebody who was in a meeting. Their place in the list of parties is their number in lines and captions. */
export interface MeetingParty {
  readonly personId: MemberId;
  readonly name: string;
}

/** Some words of one party, final. */
export interface MeetingLine {
  /** 1, 2, 3 … in the order in which lines became final. */
  readonly number: number;
  /** The caption's that became it. Unique in the meeting. */
  readonly id: string;
  readonly party: number;
  /** On the meeting's clock. */
  readonly startMs: number;
  readonly endMs: number;
  readonly text: string;
  readonly words: readonly CaptionWord[];
}

export type CaptionWord = Pick<TranscribedWord, 'text' | 'startMs' | 'endMs' | 'confidence'>;

/**
 * What was heard in a meeting: one voice a party, whose number is the speaker's. All are on one channel, though each
 * had a microphone, because nobody repeats anybody here, and two who say "Bye" at once are not each other's echo.
 */
export const transcriptionFromLines = (lines: readonly MeetingLine[], durationMs: number): Transcription => ({
  durationMs: Math.max(0, Math.round(durationMs)),
  language: null,
  words: lines.flatMap(({ party, words }) => words.map((word) => ({ ...word, channel: 0, speaker: party }))),
  approximateSpeakers: false,
  remarks: [],
});

/** Everybody by the name under which they were in. A telephone is not a member, though it may be one's. */
export const namesFromParties = (parties: readonly MeetingParty[]): SpeakerNames =>
  Object.fromEntries(
    parties.map(({ personId, name }, party): [VoiceId, SpeakerNames[VoiceId]] => [
      `0:${party}`,
      isPhonePersonId(personId) ? { name } : { name, memberId: personId },
    ]),
  );
