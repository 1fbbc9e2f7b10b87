import type { PhoneBehaviour } from '../../phones/control/contract.ts';
import { recordingsSummary } from './sentences.ts';

/** What a phone that plays recordings is set to; null for behaviours that their label describes fully. */
export function behaviourDetail(behaviour: PhoneBehaviour): string | null {
  if (behaviour.type !== 'answer') return null;
  return recordingsSummary(listOf(behaviour.turns), behaviour.keys, behaviour.hangsUp);
}

/** `ben-1 to ben-3` where these are all turns of one speaker in their order. */
function listOf(recordings: readonly string[]): string {
  const [speaker] = speakersOf(recordings);
  const isWhole = speaker !== undefined && speaker.turns.join() === recordings.join();
  return isWhole ? `${recordings[0]} to ${recordings.at(-1)}` : recordings.join(', ');
}

/** What is set when a behaviour is chosen from the menu; recordings are chosen in a dialog first. */
export function defaultBehaviour(type: Exclude<PhoneBehaviour['type'], 'answer'>): PhoneBehaviour {
  return type === 'voicemail' ? { type, afterMs: 3000 } : { type };
}

export interface Speaker {
  readonly name: string;
  readonly turns: readonly string[];
}

/** Recordings whose names differ in their last number are the turns of one speaker: `ben-1`, `ben-2`. */
export function speakersOf(recordings: readonly string[]): readonly Speaker[] {
  const turns = Map.groupBy(recordings, (name) => /^(.+)-\d+$/.exec(name)?.[1] ?? '');
  turns.delete('');
  const indexOf = (name: string) => Number(name.slice(name.lastIndexOf('-') + 1));
  return [...turns]
    .filter(([, names]) => names.length > 1)
    .map(([name, names]) => ({ name, turns: names.toSorted((a, b) => indexOf(a) - indexOf(b)) }));
}
