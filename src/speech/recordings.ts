import { AppError } from '../core/error.ts';
import type { Speech } from '../core/ports.ts';
import { isContained } from '../core/transcript/echo.ts';
import type { Transcription } from '../core/transcription.ts';
import { emptyRecording, noSpeech } from './errors.ts';
import type { Hear, Pass } from './pass.ts';
import { someTracksOnly } from './sentences.ts';

/** Each is an upload of its own. Recorders have two to six. */
const MAX_TRACKS = 6;

/**
 * Transcribes a recording in as many passes as it takes: one for each audio track, and one for each channel apart where
 * the mix of the channels has no words, as when one of them is inverted.
 */
export const createTranscribe =
  (hear: Hear): Speech['transcribe'] =>
  async (recording, { signal, progress, reopen }) => {
    const first = await hear(recording, { track: 0, signal, progress });
    const tracks = first.facts?.audioTracks ?? 1;
    const passes = [first];
    if (reopen !== undefined) {
      for (let track = 1; track < Math.min(tracks, MAX_TRACKS); track += 1) {
        const pass = await hearMore(hear, reopen, { track, signal });
        if (pass !== null) passes.push(pass);
      }
      if (mayCancelOut(first) && passes.every(({ transcription }) => transcription.words.length === 0)) {
        const apart = await hearMore(hear, reopen, { track: 0, hearing: 'apart', signal });
        if (apart !== null) passes.unshift(apart);
      }
    }
    const { words, remarks, ...rest } = mergeTracks(passes.map(({ transcription }) => transcription));
    if (words.length === 0) throw rest.durationMs === 0 ? emptyRecording() : noSpeech();
    const heard = Math.min(tracks, passes.length);
    return {
      ...rest,
      words,
      remarks: heard === tracks ? remarks : [...remarks, someTracksOnly(tracks, heard)],
    };
  };

type Reopen = NonNullable<Parameters<Speech['transcribe']>[1]['reopen']>;

/** Null when this track cannot be had: the first one can, and is worth more than none. */
const hearMore = async (
  hear: Hear,
  reopen: Reopen,
  options: Omit<Parameters<Hear>[1], 'progress'>,
): Promise<Pass | null> => {
  try {
    return await hear(await reopen(), { ...options, progress: () => {} });
  } catch (error) {
    if (error instanceof AppError && !error.retryable) return null;
    throw error;
  }
};

const mayCancelOut = ({ hearing, mono }: Pass): boolean => hearing === 'mixed' && !mono;

/**
 * The tracks as channels of one transcription, so that each has speakers of its own. A track whose words are all in
 * another one, as in a recording of the mix and of each microphone, is left out.
 */
const mergeTracks = (tracks: readonly Transcription[]): Transcription => {
  const spoken = tracks.filter(({ words }) => words.length > 0);
  const bySize = spoken.toSorted((a, b) => b.words.length - a.words.length);
  const kept: Transcription[] = [];
  for (const track of bySize) {
    if (!kept.some(({ words }) => isContained(track.words, words))) kept.push(track);
  }
  const main = kept[0] ?? tracks[0]!;
  const ordered = spoken.filter((track) => kept.includes(track));
  if (ordered.length < 2) return { ...main, durationMs: longest(tracks) };
  return {
    ...main,
    durationMs: longest(tracks),
    words: ordered.flatMap(({ words }, channel) => words.map((word) => ({ ...word, channel }))),
    approximateSpeakers: ordered.some(({ approximateSpeakers }) => approximateSpeakers),
  };
};

const longest = (tracks: readonly Transcription[]): number =>
  Math.max(...tracks.map(({ durationMs }) => durationMs));
