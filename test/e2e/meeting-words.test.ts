import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silence } from '../../sandbox/engine/scripted/markers.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { scriptOf } from '../support/fixtures.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { cutFrom, RATE_HZ, writeWav } from '../support/wav.ts';
import { wordErrorRate } from '../support/word-error.ts';
import {
  browserHearing,
  captionsIn,
  linkFor,
  meet,
  openPage,
  type Said,
  transcriptOf,
  wordsOf,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { shownText } from './support/workspace.ts';

/** Three recorded voices, each in a browser of its own, heard by the local engine. */
interface Tape {
  readonly text: string;
  readonly speakingMs: number;
  readonly samples: Buffer;
}

/** Longer than it takes from opening a microphone until it is heard, and than the test takes after the last word. */
const BEFORE_MS = 2_500;
const AFTER_MS = 120_000;

/** What some lines of a fixture's speaker are as a microphone: at their times, and silence around. */
const tapeOf = async (
  name: string,
  speaker: string,
  { lines, shiftMs }: { readonly lines: number; readonly shiftMs: number },
): Promise<Tape> => {
  const said = scriptOf(name)
    .utterances.filter((each) => each.speaker === speaker)
    .slice(0, lines);
  const pieces: Buffer[] = [];
  let atMs = -BEFORE_MS;
  for (const { startMs, endMs } of said) {
    pieces.push(silence(startMs + shiftMs - atMs, RATE_HZ), await cutFrom(name, { startMs, endMs }));
    atMs = endMs + shiftMs;
  }
  return {
    text: said.map(({ text }) => text).join(' '),
    speakingMs: said.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    samples: Buffer.concat([...pieces, silence(AFTER_MS, RATE_HZ)]),
  };
};

let tapes: readonly Tape[];
let browsers: Browser[];
let removeTapes: () => void;
let program: MeetingProgram;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeTapes = remove;
  // Two who talk with each other, and a third who talks over them.
  tapes = await Promise.all([
    tapeOf('two-voices', 'Nora', { lines: 2, shiftMs: 0 }),
    tapeOf('two-voices', 'Ben', { lines: 2, shiftMs: 0 }),
    tapeOf('three-voices', 'Callum', { lines: 2, shiftMs: 2_000 }),
  ]);
  [program, ...browsers] = await Promise.all([
    startMeetingProgram(),
    ...tapes.map(async ({ samples }, at) => {
      const file = path.join(directory, `${at}.wav`);
      await writeWav(file, samples);
      return browserHearing(file);
    }),
  ]);
});
afterAll(async () => {
  await Promise.all(browsers?.map((browser) => browser.close()) ?? []);
  await program?.stop();
  removeTapes?.();
});

const comeIn = async (browser: Browser, link: string): Promise<Page> => {
  const page = await openPage(browser, link);
  await page.getByRole('button', { name: 'Join muted' }).click();
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  return page;
};
/** Agrees and speaks: only now is the microphone opened, and its tape begins. */
const speak = async (page: Page): Promise<void> => {
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Agree and unmute' }).click();
  await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
};

describe('three people with three voices', () => {
  it('are captioned by name on every page and in the thread, also for who comes late, and in the result', async () => {
    const { workspace, people, channel } = program;
    const [ana] = people;
    const card: StoredMessage = await meet(workspace, { channel, as: ana.id, title: 'Garden and concert' });
    const pages: Page[] = [];
    for (const [at, { id }] of people.entries()) {
      pages.push(await comeIn(browsers[at]!, await linkFor(workspace, card, id)));
    }
    const shownLive = pages.flatMap((page) =>
      people.map(({ name }) =>
        page.locator('.caption').filter({ hasText: name }).first().waitFor({ timeout: 60_000 }),
      ),
    );
    await Promise.all(pages.map(speak));
    await Promise.all(shownLive);

    const errors = (said: readonly Said[]): number[] =>
      people.map(({ name }, who) => wordErrorRate(tapes[who]!.text, wordsOf(said, name)));
    const heardWell = (read: () => Promise<readonly Said[]>): Promise<number[]> =>
      until(
        async () => {
          const rates = errors(await read());
          if (rates.some((rate) => rate > 0.15)) throw new Error(`word error ${rates.join(', ')}`);
          return rates;
        },
        { timeoutMs: 60_000, what: 'at most 15 % word error each' },
      );
    await Promise.all([
      ...pages.map((page) => heardWell(() => transcriptOf(page))),
      heardWell(() => captionsIn(workspace, card)),
    ]);
    // Nobody else is said to have spoken.
    expect([...new Set((await transcriptOf(pages[0]!)).map(({ name }) => name))].sort()).toEqual(
      people.map(({ name }) => name).sort(),
    );

    const past = await transcriptOf(pages[0]!);
    const late = await comeIn(browsers[0]!, await linkFor(workspace, card, ana.id));
    await until(async () => (await transcriptOf(late)).length >= past.length, { what: 'the past' });
    expect(await transcriptOf(late)).toEqual(past);

    await pages[0]!.getByRole('button', { name: 'Leave', exact: true }).click();
    await pages[0]!.getByRole('button', { name: 'End for everyone' }).click();
    for (const page of [...pages.slice(1), late]) {
      await page.getByRole('heading', { name: `${ana.name} ended the meeting.` }).waitFor();
    }
    const [result] = await workspace.results(channel, card.ts);
    const text = shownText(result!);
    const [, chart = ''] = /(Pie chart of talk time: .*)/.exec(text) ?? [];
    const spokenMs = tapes.reduce((sum, { speakingMs }) => sum + speakingMs, 0);
    for (const [who, { name }] of people.entries()) {
      const [, share] = new RegExp(`${name} (\\d+)%`).exec(chart) ?? [];
      expect(Math.abs(Number(share) - (100 * tapes[who]!.speakingMs) / spokenMs)).toBeLessThan(8);
    }
    expect(text).toMatch(/overlap/i);
  });
});
