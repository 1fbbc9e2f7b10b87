import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silence } from '../../sandbox/engine/scripted/markers.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { scriptOf } from '../support/fixtures.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { cutFixture, SAMPLE_RATE_HZ, writeWav } from '../support/wav.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { call, cardSaying, hangUp } from './support/call.ts';
import {
  agreeAndUnmute,
  browserWithMicrophone,
  captionsIn,
  joinMuted,
  linkFor,
  type SpokenParagraph,
  textOfSpeaker,
  transcriptOf,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { openPhoneControl, type PhoneControl } from './support/phones.ts';
import { shownText } from './support/workspace.ts';

/**
 * The whole program with a real browser and the local engine: Nora’s voice is the browser’s microphone, Ben’s is his
 * phone’s.
 */
const BENS_PHONE = '+442079460102';
const lines = (speaker: string, count: number) =>
  scriptOf('two-voices')
    .utterances.filter((each) => each.speaker === speaker)
    .slice(0, count);
const NORA_SAYS = lines('Nora', 3);
const BEN_SAYS = lines('Ben', 3);
const textOf = (said: typeof NORA_SAYS): string => said.map(({ text }) => text).join(' ');

/** Word error of live captions by the local engine. Another person’s words are an error near 1. */
const MOST = 0.15;

let program: MeetingProgram;
let phones: PhoneControl;
let browser: Browser;
let removeWav: () => void;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeWav = remove;
  const microphone = path.join(directory, 'nora.wav');
  // Silence at first, until the microphone is open, and between her lines, for Ben’s.
  const pieces = [silence(2_500, SAMPLE_RATE_HZ)];
  for (const { startMs, endMs } of NORA_SAYS) {
    pieces.push(await cutFixture('two-voices', { startMs, endMs }), silence(6_500, SAMPLE_RATE_HZ));
  }
  const samples = Buffer.concat(pieces);
  await writeWav(microphone, Buffer.concat([samples, silence(120_000, SAMPLE_RATE_HZ)]));
  [program, browser] = await Promise.all([startMeetingProgram(), browserWithMicrophone(microphone)]);
  phones = openPhoneControl(program.workspace.url);
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  removeWav?.();
});

/** Waits until most words of each are captioned under the right name. How well is measured with recordings. */
const captioned = (
  read: () => Promise<readonly SpokenParagraph[]>,
  said: readonly (readonly [name: string, text: string])[],
): Promise<unknown> =>
  until(
    async () => {
      const now = await read();
      const rates = said.map(([name, text]) => wordErrorRate(text, textOfSpeaker(now, name)));
      if (rates.every((rate) => rate <= MOST)) return true;
      throw new Error(`word error ${rates.join(', ')}: ${JSON.stringify(now)}`);
    },
    { timeoutMs: 150_000, everyMs: 500, what: 'captions of each' },
  );

describe('a call from the browser to a phone', () => {
  it('is captioned live under both names, and has a result with both', async () => {
    const { workspace, channel, people } = program;
    const [ana, ben] = people;
    const card = await call(workspace, { channel, as: ana.id, to: '@ben', topic: 'the garden' });
    const page = await joinMuted(browser, await linkFor(workspace, card, ana.id));
    await phones.connected(BENS_PHONE);
    await agreeAndUnmute(page);

    const said = [
      [ana.name, textOf(NORA_SAYS)],
      [ben.name, textOf(BEN_SAYS)],
    ] as const;
    await Promise.all([
      captioned(() => transcriptOf(page), said),
      captioned(() => captionsIn(workspace, card), said),
    ]);

    await hangUp(workspace, card, ana.id);
    const [result] = await workspace.results(channel, card.ts);
    const text = shownText(result!);
    for (const [name, words] of said)
      expect(wordErrorRate(words, wordsIn(result!, name))).toBeLessThanOrEqual(MOST);
    const [, chart = ''] = /(Pie chart of talk time: .*)/.exec(text) ?? [];
    expect([...chart.matchAll(/[.:,] ([^.:,]+) (\d+)%/g)]).toHaveLength(2);
    for (const name of [ana.name, ben.name]) expect(chart).toMatch(new RegExp(`${name} \\d+%`));
    await cardSaying(workspace, card, 'The recording was deleted.');
  });
});

/** The words of one speaker in the text of a result. */
const wordsIn = ({ text }: StoredMessage, name: string): string =>
  [...text.matchAll(/^(.+?) \([\d:]+\): (.*)$/gm)]
    .filter(([, speaker]) => speaker === name)
    .map(([, , words]) => words)
    .join(' ');
