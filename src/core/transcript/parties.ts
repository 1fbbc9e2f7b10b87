import { toSingleLine } from '../single-line.ts';
import type { SpeakerNames, VoiceId } from '../transcription.ts';
import type { Party, PartyIndex } from './types.ts';

export interface Parties {
  readonly parties: readonly Party[];
  readonly partyOf: ReadonlyMap<VoiceId, PartyIndex>;
}

interface NamedVoice {
  readonly voice: VoiceId;
  readonly name: string;
  readonly memberId: string | null;
}

/**
 * Groups voices into parties, in the voices' order; a merged party has the position of its first voice. Voices with the
 * same member or the same name, ignoring case, are one party. Two members stay two, even with one name; a typed name
 * joins the first member of that name. An empty name is none.
 */
export const toParties = (voices: readonly VoiceId[], names: SpeakerNames): Parties => {
  const named = voices.map((voice, i): NamedVoice => {
    const given = names[voice];
    const name = toSingleLine(given?.name ?? '');
    const memberId = given?.memberId ?? null;
    return { voice, name: name || memberId || `Speaker ${i + 1}`, memberId };
  });

  const memberNamed = new Map<string, string>();
  for (const { name, memberId } of named) {
    if (memberId !== null && !memberNamed.has(fold(name))) memberNamed.set(fold(name), memberId);
  }
  const groups = Map.groupBy(named, ({ name, memberId }) => {
    const member = memberId ?? memberNamed.get(fold(name));
    return member === undefined ? `name ${fold(name)}` : `member ${member}`;
  });

  const parties = [...groups.values()].map(toParty);
  const partyOf = new Map(parties.flatMap((party, i) => party.voices.map((voice) => [voice, i] as const)));
  return { parties, partyOf };
};

const toParty = (group: readonly NamedVoice[]): Party => {
  const { name, memberId } = group.find((voice) => voice.memberId !== null) ?? group[0]!;
  return {
    name,
    memberId,
    voices: group.map(({ voice }) => voice),
    named: memberId !== null || !/^speaker \d+$/i.test(name),
  };
};

const fold = (name: string): string => name.normalize('NFKC').toLowerCase();
