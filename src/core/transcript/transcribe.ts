import type { SpeakerNames, Transcription } from '../transcription.ts';
import { doubtedShare, spokenLanguages } from './languages.ts';
import { toParties } from './parties.ts';
import type { Transcript } from './types.ts';
import { toUtterances } from './utterances.ts';
import { assignVoices } from './voices.ts';

export { describeVoices } from './describe-voices.ts';
export { toParagraphs } from './paragraphs.ts';

/**
 * Parties and utterances from a transcription and the names of its voices. Never throws and never loses a word: wrong
 * times, speakers and channels are corrected by each step. Names of unknown voices are ignored.
 */
export const toTranscript = (transcription: Transcription, names: SpeakerNames): Transcript => {
  const { durationMs, words, voices } = assignVoices(transcription);
  const { parties, partyOf } = toParties(voices, names);
  return {
    durationMs,
    languages: spokenLanguages(transcription),
    doubtedShare: doubtedShare(transcription.words),
    approximateSpeakers: transcription.approximateSpeakers,
    remarks: transcription.remarks,
    parties,
    utterances: toUtterances(words, (word) => partyOf.get(word.voice)!),
  };
};
