import { afterEach, describe, expect, it } from 'vitest';
import type { LiveSpeech } from '../../../src/speech/live/index.ts';
import { type LiveSetup, listener, openLiveSetup, speaker } from './support.ts';

/** A plan that admits fewer streams than Parley is configured for. */

let setup: LiveSetup;
afterEach(() => setup.close());

/** Speakers, each with numbers of their own. */
const openSpeakers = (speech: LiveSpeech, count: number) =>
  Array.from({ length: count }, (_, index) => {
    const heard = listener();
    const stream = speech.openLive(heard);
    return { heard, ...speaker(stream, { atMs: 0, number: index * 1_000 }) };
  });
type Speaker = ReturnType<typeof openSpeakers>[0];

/** Speaks in real time: words, and then the silence that the microphone's gate lets through. */
const takeTurn = async ({ say, pause, flush, skip, said, heard }: Speaker, words: number) => {
  const { clock } = setup;
  for (let i = 0; i < words; i += 1) {
    await clock.advance(100);
    say(1);
  }
  const spokenMs = clock.monotonicMs();
  const final = { afterMs: Number.POSITIVE_INFINITY };
  const stopWatching = clock.every(10, () => {
    if (heard.finals().length === said.length) {
      final.afterMs = Math.min(final.afterMs, clock.monotonicMs() - spokenMs);
    }
  });
  // The next one speaks meanwhile.
  const ending = (async () => {
    for (let i = 0; i < 8; i += 1) {
      await clock.sleep(100);
      pause(100);
    }
    flush();
    skip(20_000);
  })();
  return { ending, final, stopWatching };
};

describe.each([1, 2, 3])('an engine that admits %i streams', (maxStreams) => {
  it('brings everybody’s final within 2 s when one speaks at a time', async () => {
    setup = await openLiveSetup({ maxStreams });
    const speech = setup.speechWith();
    const people = openSpeakers(speech, maxStreams + 3);
    const turns = [];
    for (let round = 0; round < 4; round += 1) {
      for (const [i, person] of people.entries())
        turns.push(await takeTurn(person, 10 + ((i + round) % 5) * 9));
    }
    await setup.clock.advance(5_000);
    await Promise.all(turns.map(({ ending }) => ending));
    for (const { stopWatching } of turns) stopWatching();
    const worstMs = Math.max(...turns.map(({ final }) => final.afterMs));
    console.log(`seats: ${maxStreams} admitted, worst final after ${worstMs} ms`);
    expect(worstMs).toBeLessThanOrEqual(2_000);
    for (const { heard, said } of people) {
      expect(heard.finals().map(({ number }) => number)).toEqual(said.map(({ number }) => number));
      expect(heard.states.every(({ lostMs }) => lostMs === 0)).toBe(true);
    }
    expect(speech.figures().seats).toBe(maxStreams);
    expect(setup.engine.live.peakOpen).toBe(maxStreams);
    // A refusal or two teach the number; from then on none is provoked but once a minute.
    const refused = setup.engine.live.streams.filter(({ rejectedWith }) => rejectedWith === 429);
    expect(refused.length).toBeLessThanOrEqual(1 + Math.ceil(setup.clock.monotonicMs() / 60_000));
  });
});

it('learns the number when all begin to speak at once, and loses no word', async () => {
  setup = await openLiveSetup({ maxStreams: 3 });
  const speech = setup.speechWith();
  const people = openSpeakers(speech, 8);
  for (const { say, flush } of people) {
    say(12);
    flush();
  }
  for (const { heard, said } of people) await setup.untilFinal(heard, said);
  expect(speech.figures().seats).toBe(3);
  for (const { heard, said } of people) expect(heard.finals()).toEqual(said);
});

it('tries one more after a minute while someone waits, and so finds a plan that grew', async () => {
  let maxStreams = 1;
  setup = await openLiveSetup({
    get maxStreams() {
      return maxStreams;
    },
  });
  const speech = setup.speechWith();
  const people = openSpeakers(speech, 3);
  const stopTalking = setup.clock.every(100, () => {
    for (const { say } of people) say(1);
  });
  await setup.clock.advance(30_000);
  expect(speech.figures().seats).toBe(1);
  maxStreams = 3;
  await setup.clock.advance(150_000);
  expect(speech.figures().seats).toBe(3);
  stopTalking();
  for (const { heard, said } of people) await setup.untilFinal(heard, said);
  for (const { heard, said } of people) expect(heard.finals()).toEqual(said);
});

it('a refusal while no other stream is open teaches nothing: others use the plan', async () => {
  setup = await openLiveSetup();
  setup.engine.live.script({ mode: 'reject', status: 429 }, { mode: 'reject', status: 429 });
  const speech = setup.speechWith();
  const [person] = openSpeakers(speech, 1) as [Speaker];
  person.say(5);
  person.flush();
  await setup.untilFinal(person.heard, person.said);
  expect(speech.figures().seats).toBe(50);
});
