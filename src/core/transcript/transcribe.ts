import type { SpeakerNames, Transcription } from '../transcription.ts';
import { toParties } from './parties.ts';
import type { Transcript } from './types.ts';
import { toUtterances } from './utterances.ts';
import { assignVoices } from './voices.ts';

export { describeVoices } from './describe-voices.ts';
export { toParagraphs } from './paragraphs.ts';

/**
 * Who said what. Never throws and never loses a word: whatever the engine got wrong about times, speakers and
 * channels is put right on the way, as each step says. Names that belong to no voice are ignored.
 */
export const toTranscript = (heard: Transcription, names: SpeakerNames): Transcript => {
  const { durationMs, words, voices } = assignVoices(heard);
  const { parties, partyOf } = toParties(voices, names);
  return {
    durationMs,
    language: heard.language,
    approximateSpeakers: heard.approximateSpeakers,
    remarks: heard.remarks,
    parties,
    utterances: toUtterances(words, (word) => partyOf.get(word.voice)!),
  };
};
