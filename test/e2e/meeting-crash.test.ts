import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toneWordsInText } from '../support/tone-audio.ts';
import { until } from '../support/until.ts';
import {
  type CountingMeeting,
  type CountingMeetings,
  interruptionsIn,
  openCountingMeetings,
  PEOPLE,
  playingTracks,
  SENTENCE,
} from './support/counting-meetings.ts';
import { captionsIn, endForEveryone, paragraphsIn } from './support/meeting.ts';
import { shownText } from './support/workspace.ts';

/** A meeting of three while Parley, or a part of it, is killed: which words are missing where is a count. */
let meetings: CountingMeetings;
let meeting: CountingMeeting;
beforeAll(async () => {
  meetings = await openCountingMeetings();
});
beforeEach(async () => {
  meeting = await meetings.open('');
  await meeting.nextSentences();
});
afterEach(() => meeting?.close());
afterAll(() => meetings?.close());

describe('media workers that are killed', () => {
  it('are replaced: everyone receives everyone again, in the same transcript', async () => {
    const { pages } = meeting;
    const { program } = meetings;
    const before = meeting.newestWords();
    const tracksBefore = await Promise.all(pages.map(playingTracks));
    expect(tracksBefore.map(({ length }) => length)).toEqual([2, 2, 2]);
    const killed = program.mediaWorkers();
    expect(killed.length).toBeGreaterThan(0);
    for (const pid of killed) process.kill(pid, 'SIGKILL');
    await Promise.all(
      pages.map((page, at) =>
        until(
          async () => {
            const now = await playingTracks(page);
            return now.length === 2 && now.every((track) => !tracksBefore[at]!.includes(track));
          },
          { timeoutMs: 120_000, what: `two new tracks on page ${at}` },
        ),
      ),
    );
    await meeting.nextSentences();
    expect(program.mediaWorkers()).toHaveLength(killed.length);

    for (const people of await meeting.shownEverywhere(meeting.newestWords())) {
      for (const [who, interruptions] of people.map(interruptionsIn).entries()) {
        expect(interruptions.length).toBeLessThanOrEqual(1);
        for (const { after } of interruptions) expect(after).toBeGreaterThanOrEqual(before[who]!);
      }
    }
  });
});

describe('a process that is killed', () => {
  it('continues the meeting with all captions that were stored, and none twice', async () => {
    const { pages, card } = meeting;
    const { program } = meetings;
    // The thread shows only captions that are stored.
    const stored = await until(
      async () => {
        const words = (await captionsIn(program.workspace, card)).flatMap(({ text }) =>
          toneWordsInText(text),
        );
        return words.length > SENTENCE && words;
      },
      { timeoutMs: 120_000, what: 'captions in the thread' },
    );
    await program.killAndRestart();
    await meeting.nextSentences();

    for (const people of await meeting.shownEverywhere(meeting.newestWords())) {
      const words = new Set(people.flatMap((counted) => counted.words));
      expect(stored.filter((word) => !words.has(word))).toEqual([]);
      for (const counted of people) expect(interruptionsIn(counted).length).toBeLessThanOrEqual(1);
    }

    await endForEveryone(pages[0]!);
    const [result] = await program.workspace.results(card.channel, card.ts);
    const counted = PEOPLE.map((who) => meeting.countedBy(who, paragraphsIn([result!])));
    const words = new Set(counted.flatMap((each) => each.words));
    expect(stored.filter((word) => !words.has(word))).toEqual([]);
    expect(shownText(result!)).toContain('3 speakers');
  });
});
