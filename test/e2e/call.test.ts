import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silence } from '../../sandbox/engine/scripted/markers.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { scriptOf } from '../support/fixtures.ts';
import { bestLikeness } from '../support/sound.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { cutFrom, RATE_HZ, writeWav } from '../support/wav.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { call, cardSaying, enterSilently, hangUp, speak } from './support/call.ts';
import {
  browserHearing,
  captionsIn,
  joinMeeting,
  linkFor,
  meet,
  type Said,
  transcriptOf,
  wordsOf,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { listenOn } from './support/page-ear.ts';
import { openTelephones, type Telephones } from './support/phones.ts';
import { shownText } from './support/workspace.ts';

/**
 * The whole program with a real browser and the local engine: Nora, whose voice is the browser's microphone, and Ben,
 * whose voice is his telephone's.
 */
const BENS_TELEPHONE = '+442079460102';
const ANOTHER_TELEPHONE = '+442079460107';
const lines = (speaker: string, count: number) =>
  scriptOf('two-voices')
    .utterances.filter((each) => each.speaker === speaker)
    .slice(0, count);
const NORA_SAYS = lines('Nora', 3);
const BEN_SAYS = lines('Ben', 3);
const textOf = (said: typeof NORA_SAYS): string => said.map(({ text }) => text).join(' ');
const lengthOf = (said: typeof NORA_SAYS): number =>
  said.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

let program: MeetingProgram;
let telephones: Telephones;
let browser: Browser;
let noraAtEightKhz: Int16Array;
let removeTape: () => void;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeTape = remove;
  const tape = path.join(directory, 'nora.wav');
  // Between her lines there is time for Ben's; who is silent begins with it, until the microphone is open.
  const pieces = [silence(2_500, RATE_HZ)];
  for (const { startMs, endMs } of NORA_SAYS) {
    pieces.push(await cutFrom('two-voices', { startMs, endMs }), silence(6_500, RATE_HZ));
  }
  const samples = Buffer.concat(pieces);
  noraAtEightKhz = Int16Array.from({ length: samples.length / 4 }, (_, at) => samples.readInt16LE(at * 4));
  await writeWav(tape, Buffer.concat([samples, silence(120_000, RATE_HZ)]));
  [program, browser] = await Promise.all([startMeetingProgram(), browserHearing(tape)]);
  telephones = openTelephones(program.workspace.url);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  removeTape?.();
});

/** Until both are captioned with at most 15 % of their words wrong. */
const captionedWell = (
  read: () => Promise<readonly Said[]>,
  said: readonly (readonly [name: string, text: string])[],
): Promise<unknown> =>
  until(
    async () => {
      const now = await read();
      const rates = said.map(([name, text]) => wordErrorRate(text, wordsOf(now, name)));
      if (rates.every((rate) => rate <= 0.15)) return true;
      throw new Error(`word error ${rates.join(', ')}: ${JSON.stringify(now)}`);
    },
    { timeoutMs: 90_000, everyMs: 500, what: 'at most 15 % word error each' },
  );

describe('a call from the browser to a telephone', () => {
  it('is captioned live under both names, heard on both sides, and ends in a result of two', async () => {
    const { workspace, channel, people } = program;
    const [ana, ben] = people;
    const card = await call(workspace, { channel, as: ana.id, to: '@ben', about: 'the garden' });
    const page = await enterSilently(browser, workspace, card, ana.id);
    await telephones.connected(BENS_TELEPHONE);
    const ear = await listenOn(page);
    await speak(page);

    const said = [
      [ana.name, textOf(NORA_SAYS)],
      [ben.name, textOf(BEN_SAYS)],
    ] as const;
    await Promise.all([
      captionedWell(() => transcriptOf(page), said),
      captionedWell(() => captionsIn(workspace, card), said),
    ]);
    expect(bestLikeness(await telephones.heard(BENS_TELEPHONE), noraAtEightKhz)).toBeGreaterThan(0.75);
    expect(bestLikeness(await ear.heard(), await telephones.said(BENS_TELEPHONE))).toBeGreaterThan(0.75);

    await hangUp(workspace, card, ana.id);
    const [result] = await workspace.results(channel, card.ts);
    const text = shownText(result!);
    for (const [name, words] of said)
      expect(wordErrorRate(words, saidIn(result!, name))).toBeLessThanOrEqual(0.15);
    const [, chart = ''] = /(Pie chart of talk time: .*)/.exec(text) ?? [];
    expect([...chart.matchAll(/[.:,] ([^.:,]+) (\d+)%/g)]).toHaveLength(2);
    const spokenMs = lengthOf(NORA_SAYS) + lengthOf(BEN_SAYS);
    for (const [name, lengthMs] of [
      [ana.name, lengthOf(NORA_SAYS)],
      [ben.name, lengthOf(BEN_SAYS)],
    ] as const) {
      const [, share] = new RegExp(`${name} (\\d+)%`).exec(chart) ?? [];
      expect(Math.abs(Number(share) - (100 * lengthMs) / spokenMs)).toBeLessThanOrEqual(3);
    }
    await cardSaying(workspace, card, 'The recording was deleted.');
  });
});

/** What somebody said by the text of a result, a paragraph a line. */
const saidIn = ({ text }: StoredMessage, name: string): string =>
  [...text.matchAll(/^(.+?) \([\d:]+\): (.*)$/gm)]
    .filter(([, speaker]) => speaker === name)
    .map(([, , words]) => words)
    .join(' ');

describe('telephones in a meeting', () => {
  it('dial in by PIN, not by a wrong one, and are added from the page; all hear each other', async () => {
    const { workspace, channel, people } = program;
    const [ana, ben] = people;
    const card = await meet(workspace, { channel, as: ana.id, title: 'With telephones' });
    const [, pin = ''] = /PIN ([\d ]+\d)/.exec(shownText(card)) ?? [];
    const digits = pin.replaceAll(' ', '');
    expect(digits).toHaveLength(9);
    expect(shownText(card).replaceAll(' ', '')).toContain((await telephones.state()).parley);
    await telephones.set(ANOTHER_TELEPHONE, {
      type: 'answer',
      afterMs: 0,
      turns: ['repair-shop-1', 'repair-shop-2', 'repair-shop-3', 'repair-shop-4'],
      hangsUp: false,
    });

    const wrong = `${digits.startsWith('1') ? '2' : '1'}${digits.slice(1)}#`;
    await telephones.dialIn(ANOTHER_TELEPHONE, wrong);
    for (let attempt = 2; attempt <= 3; attempt += 1) {
      await until(async () => {
        const { call: now } = await telephones.at(ANOTHER_TELEPHONE);
        return now?.wantsKeys === true && now.spoken.length === attempt;
      });
      await telephones.keys(ANOTHER_TELEPHONE, wrong);
    }
    await telephones.free(ANOTHER_TELEPHONE);

    const page = await joinMeeting(browser, await linkFor(workspace, card, ana.id));
    await telephones.dialIn(ANOTHER_TELEPHONE, `${digits}#`);
    await telephones.connected(ANOTHER_TELEPHONE);
    const ear = await listenOn(page);
    const guest = page.getByRole('article', { name: /^\+44 •+ / });
    await guest.waitFor();

    await page.getByRole('button', { name: 'People', exact: true }).click();
    await page.getByRole('button', { name: 'Add a phone' }).click();
    const dialogue = page.getByRole('dialog', { name: 'Add a phone' });
    await dialogue.getByLabel('Phone number').fill('+44 20 7946 0102');
    await dialogue.getByRole('button', { name: 'Call' }).click();
    await telephones.connected(BENS_TELEPHONE);
    const added = page.getByRole('article', { name: '+44 20 7946 0102' });
    await added.waitFor();

    const hears = (what: string, heard: () => Promise<Int16Array>, voice: () => Promise<Int16Array>) =>
      until(
        async () => {
          const now = bestLikeness(await heard(), await voice());
          if (now > 0.75) return true;
          throw new Error(`likeness ${now}`);
        },
        { timeoutMs: 60_000, everyMs: 1_000, what },
      );
    const nora = async (): Promise<Int16Array> => noraAtEightKhz;
    await hears(
      'the guest in the browser',
      () => ear.heard(),
      () => telephones.said(ANOTHER_TELEPHONE),
    );
    await hears('the browser in the guest’s telephone', () => telephones.heard(ANOTHER_TELEPHONE), nora);
    await hears(
      'the guest in the added telephone',
      () => telephones.heard(BENS_TELEPHONE),
      () => telephones.said(ANOTHER_TELEPHONE),
    );

    await page.getByRole('button', { name: 'Hang up +44 20 7946 0102' }).click();
    await telephones.free(BENS_TELEPHONE);
    await added.waitFor({ state: 'detached' });
    await end(page);
    await telephones.free(ANOTHER_TELEPHONE);
    const [result] = await workspace.results(channel, card.ts);
    expect(shownText(result!)).toMatch(/\+44 •+ \d+ \d+ ?%/);
    expect(shownText(result!)).not.toContain(ben.name);
  });
});

const end = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Leave', exact: true }).click();
  await page.getByRole('button', { name: 'End for everyone' }).click();
};
