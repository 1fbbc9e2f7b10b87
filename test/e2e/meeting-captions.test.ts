import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silence } from '../../sandbox/engine/scripted/markers.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { scriptOf } from '../support/fixtures.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { cutFixture, SAMPLE_RATE_HZ, writeWav } from '../support/wav.ts';
import { wordErrorRate } from '../support/word-error.ts';
import {
  agreeAndUnmute,
  browserWithMicrophone,
  captionsIn,
  endForEveryone,
  joinMuted,
  linkFor,
  meet,
  type SpokenParagraph,
  textOfSpeaker,
  transcriptOf,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { shownText } from './support/workspace.ts';

/** Three recorded voices, each the microphone of its own browser, transcribed by the local engine. */
interface Recording {
  readonly text: string;
  readonly samples: Buffer;
}

/** Longer than a microphone takes to open, and than the test lasts after the last word. */
const BEFORE_MS = 2_500;
const AFTER_MS = 120_000;

/** Some lines of a fixture’s speaker at their times, with silence around them. */
const recordingOf = async (
  name: string,
  speaker: string,
  { lines, shiftMs }: { readonly lines: number; readonly shiftMs: number },
): Promise<Recording> => {
  const said = scriptOf(name)
    .utterances.filter((each) => each.speaker === speaker)
    .slice(0, lines);
  const pieces: Buffer[] = [];
  let atMs = -BEFORE_MS;
  for (const { startMs, endMs } of said) {
    pieces.push(
      silence(startMs + shiftMs - atMs, SAMPLE_RATE_HZ),
      await cutFixture(name, { startMs, endMs }),
    );
    atMs = endMs + shiftMs;
  }
  return {
    text: said.map(({ text }) => text).join(' '),
    samples: Buffer.concat([...pieces, silence(AFTER_MS, SAMPLE_RATE_HZ)]),
  };
};

/** Word error of live captions by the local engine. Another person’s words are an error near 1. */
const MOST = 0.15;

let recordings: readonly Recording[];
let browsers: Browser[];
let removeWavs: () => void;
let program: MeetingProgram;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeWavs = remove;
  // Two talk with each other, and a third talks over them.
  recordings = await Promise.all([
    recordingOf('two-voices', 'Nora', { lines: 2, shiftMs: 0 }),
    recordingOf('two-voices', 'Ben', { lines: 2, shiftMs: 0 }),
    recordingOf('three-voices', 'Callum', { lines: 2, shiftMs: 2_000 }),
  ]);
  [program, ...browsers] = await Promise.all([
    startMeetingProgram(),
    ...recordings.map(async ({ samples }, at) => {
      const file = path.join(directory, `${at}.wav`);
      await writeWav(file, samples);
      return browserWithMicrophone(file);
    }),
  ]);
});
afterAll(async () => {
  await Promise.all(browsers?.map((browser) => browser.close()) ?? []);
  await program?.stop();
  removeWavs?.();
});

describe('three people with three voices', () => {
  it('are captioned by name on every page, also for who joins late, in the thread and in the result', async () => {
    const { workspace, people, channel } = program;
    const [ana] = people;
    const card: StoredMessage = await meet(workspace, { channel, as: ana.id, title: 'Garden and concert' });
    const pages: Page[] = [];
    for (const [at, { id }] of people.entries()) {
      pages.push(await joinMuted(browsers[at]!, await linkFor(workspace, card, id)));
    }
    const shownLive = pages.flatMap((page) =>
      people.map(({ name }) =>
        page.locator('.caption').filter({ hasText: name }).first().waitFor({ timeout: 120_000 }),
      ),
    );
    await Promise.all(pages.map(agreeAndUnmute));
    await Promise.all(shownLive);

    const errors = (said: readonly SpokenParagraph[]): number[] =>
      people.map(({ name }, who) => wordErrorRate(recordings[who]!.text, textOfSpeaker(said, name)));
    const captioned = (read: () => Promise<readonly SpokenParagraph[]>): Promise<number[]> =>
      until(
        async () => {
          const rates = errors(await read());
          if (rates.some((rate) => rate > MOST)) throw new Error(`word error ${rates.join(', ')}`);
          return rates;
        },
        { timeoutMs: 120_000, what: 'captions of each' },
      );
    await Promise.all([
      ...pages.map((page) => captioned(() => transcriptOf(page))),
      captioned(() => captionsIn(workspace, card)),
    ]);
    // No other speaker appears.
    expect([...new Set((await transcriptOf(pages[0]!)).map(({ name }) => name))].sort()).toEqual(
      people.map(({ name }) => name).sort(),
    );

    const soFar = await transcriptOf(pages[0]!);
    const late = await joinMuted(browsers[0]!, await linkFor(workspace, card, ana.id));
    await until(async () => (await transcriptOf(late)).length >= soFar.length, {
      what: 'the transcript so far',
    });
    expect(await transcriptOf(late)).toEqual(soFar);

    await endForEveryone(pages[0]!);
    for (const page of pages.slice(1)) {
      await page.getByRole('heading', { name: `${ana.name} ended the meeting.` }).waitFor();
    }
    await late.getByRole('heading', { name: 'You ended the meeting.' }).waitFor();
    const [result] = await workspace.results(channel, card.ts);
    const text = shownText(result!);
    const [, chart = ''] = /(Pie chart of talk time: .*)/.exec(text) ?? [];
    for (const { name } of people) expect(chart).toMatch(new RegExp(`${name} \\d+%`));
    expect(text).toMatch(/overlap/i);
  });
});
