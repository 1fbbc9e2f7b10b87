import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { watchForText } from '../support/watch-for-text.ts';
import {
  COUNT_CONNECTIONS,
  type CountingMeeting,
  type CountingMeetings,
  connectionsMade,
  interruptionsIn,
  openCountingMeetings,
  playingTracks,
} from './support/counting-meetings.ts';

/** A meeting of three while one person’s network breaks: which words are missing where is a count. */
let meetings: CountingMeetings;
let meeting: CountingMeeting;
beforeAll(async () => {
  meetings = await openCountingMeetings();
});
beforeEach(async () => {
  meeting = await meetings.open(COUNT_CONNECTIONS);
  await meeting.nextSentences();
});
afterEach(() => meeting?.close());
afterAll(() => meetings?.close());

/** Connections and playing tracks of every page, which a break of signalling or of one path does not change. */
const mediaOfPages = async () => ({
  connections: await Promise.all(meeting.pages.map(connectionsMade)),
  tracks: await Promise.all(meeting.pages.map(playingTracks)),
});

/** What each page and the thread show of Ana, Ben and Yuki: all that the engine transcribed, with these interruptions. */
const interruptionsShown = async () => {
  const upTo = meeting.newestWords();
  return (await meeting.shownEverywhere(upTo)).map((people) =>
    people.map((counted, who) => {
      const shown = new Set(counted.words);
      const lost = meeting.transcribedWords(who).filter((word) => word <= upTo[who]! && !shown.has(word));
      expect(lost).toEqual([]);
      return interruptionsIn(counted);
    }),
  );
};

describe('signalling that breaks again and again, while media continues', () => {
  it('costs no word of anyone', async () => {
    const { pages, network } = meeting;
    const before = await mediaOfPages();
    const reconnecting = pages[1]!.getByRole('status').getByText('Reconnecting…');
    for (let time = 0; time < 3; time++) {
      const shown = await watchForText(pages[1]!, 'Reconnecting…');
      network.breakConnections();
      await shown();
      await reconnecting.waitFor({ state: 'detached' });
      // In the middle of a sentence, then in its pause.
      await meeting.nextWords(1, 2 + time);
    }
    await meeting.nextSentences();
    expect(await mediaOfPages()).toEqual(before);
    for (const people of await interruptionsShown()) expect(people).toEqual([[], [], []]);
  });
});

describe('a media path that breaks', () => {
  it.each([
    ['once the page notices', () => {}],
    ['also when its signalling breaks with it', () => meeting.network.breakConnections()],
  ])('is replaced by another %s, with one gap at most and the same media', async (_, breakMore) => {
    const { network } = meeting;
    const before = await mediaOfPages();
    const brokenAfter = meeting.newestWords()[1]!;
    network.breakMediaPaths();
    breakMore();
    await meeting.nextSentences();
    expect(await mediaOfPages()).toEqual(before);
    for (const [ana, ben, yuki] of await interruptionsShown()) {
      expect([ana, yuki]).toEqual([[], []]);
      // None when the break fell into a pause.
      expect(ben!.length).toBeLessThanOrEqual(1);
      for (const { after } of ben!) expect(after).toBeGreaterThanOrEqual(brokenAfter);
    }
  });
});

describe('a network that is cut for 10 s', () => {
  it('costs the words of those seconds and no others, and the page says so', async () => {
    const { pages, network } = meeting;
    const unstable = pages[1]!.getByText('Your connection is unstable.');
    const shown = unstable.waitFor();
    const beforeCut = meeting.newestWords()[1]!;
    network.cut();
    await meeting.transcribedMs(0, 10_000);
    await shown;
    network.restore();
    expect(network.lostPackets).toBeGreaterThan(0);
    await unstable.waitFor({ state: 'detached' });
    await meeting.nextSentences();

    for (const [ana, ben, yuki] of await interruptionsShown()) {
      expect([ana, yuki]).toEqual([[], []]);
      expect(ben).toHaveLength(1);
      expect(ben![0]!.after).toBeGreaterThanOrEqual(beforeCut);
    }
  });
});
