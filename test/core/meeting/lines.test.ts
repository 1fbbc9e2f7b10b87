import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemberId } from '../../../src/core/ids.ts';
import {
  type MeetingLine,
  namesFromParties,
  transcriptionFromLines,
} from '../../../src/core/meeting/lines.ts';
import { createSpeakingTime } from '../../../src/core/meeting/speaking-time.ts';
import { measureTalkTime } from '../../../src/core/talk-time/measure.ts';
import { toTranscript } from '../../../src/core/transcript/transcribe.ts';

const wordsAt = (...starts: number[]) =>
  starts.map((startMs) => ({ text: 'word', startMs, endMs: startMs + 200, confidence: 0.9 }));
const line = (number: number, party: number, words: MeetingLine['words']): MeetingLine => ({
  number,
  id: `${number}`,
  party,
  startMs: words[0]!.startMs,
  endMs: words.at(-1)!.endMs,
  text: words.map(({ text }) => text).join(' '),
  words,
});

describe('the transcription of a meeting', () => {
  it('names every speaker as the member they are, also two who said the same at once', () => {
    const parties = [
      { personId: 'U1' as MemberId, name: 'Ann' },
      { personId: 'U2' as MemberId, name: 'Bob' },
      { personId: 'U3' as MemberId, name: 'Cy, who said nothing' },
    ];
    const lines = [line(1, 1, wordsAt(1_000)), line(2, 0, wordsAt(1_050))];
    const transcript = toTranscript(transcriptionFromLines(lines, 60_000.4), namesFromParties(parties));
    expect(transcript.durationMs).toBe(60_000);
    expect(transcript.parties).toEqual([
      { name: 'Bob', memberId: 'U2', voices: ['0:1'], named: true },
      { name: 'Ann', memberId: 'U1', voices: ['0:0'], named: true },
    ]);
    expect(transcript.utterances.map(({ party, text }) => [party, text])).toEqual([
      [0, 'word'],
      [1, 'word'],
    ]);
  });
});

describe('speaking time while a meeting runs', () => {
  it('is what the result will say, in whatever order lines became final', () => {
    const spoken = fc.array(
      fc.record({
        party: fc.integer({ min: 0, max: 3 }),
        words: fc.array(
          fc.record({
            startMs: fc.integer({ min: 0, max: 20_000 }),
            length: fc.integer({ min: 0, max: 900 }),
          }),
          { minLength: 1, maxLength: 6 },
        ),
      }),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(spoken, (all) => {
        const live = createSpeakingTime();
        const lines = all.map(({ party, words }, i) =>
          line(
            i + 1,
            party,
            words.map(({ startMs, length }) => ({
              text: 'word',
              startMs,
              endMs: startMs + length,
              confidence: null,
            })),
          ),
        );
        for (const { party, words } of lines) live.add(party, words);
        const transcript = toTranscript(transcriptionFromLines(lines, 30_000), {});
        const result = measureTalkTime(transcript).parties.map(({ party, speakingMs }) => ({
          partyIndex: Number(transcript.parties[party]!.voices[0]!.split(':')[1]),
          speakingMs,
        }));
        const byParty = <T extends { partyIndex: number }>(a: T, b: T) => a.partyIndex - b.partyIndex;
        expect(live.all().toSorted(byParty)).toEqual(result.toSorted(byParty));
      }),
    );
  });
});
