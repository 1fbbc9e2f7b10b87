import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { SPOKEN } from '../../src/core/calls/spoken.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { createToneReader, WORDS_PER_MICROPHONE, writeToneWav } from '../support/tone-audio.ts';
import { until } from '../support/until.ts';
import { call, hangUp } from './support/call.ts';
import {
  agreeAndUnmute,
  browserWithMicrophone,
  endForEveryone,
  joinMuted,
  linkFor,
  meet,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { recordAudioOf } from './support/page-recorder.ts';
import {
  keepTalking,
  openPhoneControl,
  type PhoneControl,
  saveToneWords,
  toneWordsAt8kHz,
} from './support/phones.ts';
import { shownText } from './support/workspace.ts';

/** The whole program with a real browser and phones. Each speaks tone words of its own, so what arrives is a count. */
const BENS_PHONE = '+442079460102';
const ANOTHER_PHONE = '+442079460107';
const PHONE_WORDS = [2_000, 2_001, 2_002, 2_003, 2_004, 2_005] as const;
/** Audio that arrives at all brings more than this within seconds. */
const ENOUGH = 2;

let engine: ScriptedEngine;
let program: MeetingProgram;
let phones: PhoneControl;
let browser: Browser;
let sample: string;
let removeWav: () => void;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeWav = remove;
  const microphone = path.join(directory, 'microphone.wav');
  await writeToneWav(microphone, 0);
  engine = await startScriptedEngine({ apiKey: 'the-key-of-this-test', liveWords: createToneReader });
  [program, browser] = await Promise.all([
    startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url }),
    browserWithMicrophone(microphone),
  ]);
  phones = openPhoneControl(program.workspace.url);
  sample = await saveToneWords(phones, PHONE_WORDS[0], PHONE_WORDS.length);
  for (const number of [BENS_PHONE, ANOTHER_PHONE]) {
    await phones.set(number, { type: 'answer', afterMs: 0, turns: [], hangsUp: false });
  }
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  await engine?.close();
  removeWav?.();
});

const isOfPhone = (word: number): boolean => (PHONE_WORDS as readonly number[]).includes(word);
const isOfBrowser = (word: number): boolean => word < WORDS_PER_MICROPHONE;
/** Waits for words of one speaker in what was received. */
const receives = (
  who: string,
  received: () => Promise<Int16Array>,
  isOfSpeaker: (word: number) => boolean,
): Promise<unknown> =>
  until(
    async () => {
      const words = toneWordsAt8kHz(await received());
      if (words.filter(isOfSpeaker).length >= ENOUGH) return true;
      throw new Error(`words ${words.join(' ')}`);
    },
    { timeoutMs: 120_000, everyMs: 500, what: `tone words for ${who}` },
  );

it('a browser and the phone that it calls receive each other', async () => {
  const { workspace, channel, people } = program;
  const [ana] = people;
  const card = await call(workspace, { channel, as: ana.id, to: ANOTHER_PHONE, topic: 'Counting' });
  const page = await joinMuted(browser, await linkFor(workspace, card, ana.id));
  await phones.connected(ANOTHER_PHONE);
  const recorder = await recordAudioOf(page);
  await agreeAndUnmute(page);
  {
    await using _talk = keepTalking(phones, [ANOTHER_PHONE, sample]);
    await receives('the browser', () => recorder.recorded(), isOfPhone);
    await receives('the phone', () => phones.received(ANOTHER_PHONE), isOfBrowser);
  }
  // No one receives themselves.
  expect(toneWordsAt8kHz(await recorder.recorded()).filter(isOfBrowser)).toEqual([]);
  expect(toneWordsAt8kHz(await phones.received(ANOTHER_PHONE)).filter(isOfPhone)).toEqual([]);
  await hangUp(workspace, card, ana.id);
  await phones.idle(ANOTHER_PHONE);
});

describe('phones in a meeting', () => {
  it('dial in by PIN, after a wrong one too, and are added from the page; everyone receives everyone', async () => {
    const { workspace, channel, people } = program;
    const [ana, ben] = people;
    const card = await meet(workspace, { channel, as: ana.id, title: 'With phones' });
    const [, pin = ''] = /PIN ([\d ]+\d)/.exec(shownText(card)) ?? [];
    const digits = pin.replaceAll(' ', '');
    expect(digits).toHaveLength(9);
    expect(shownText(card).replaceAll(' ', '')).toContain((await phones.state()).parley);

    const page = await joinMuted(browser, await linkFor(workspace, card, ana.id));
    await dialIn(digits);
    const recorder = await recordAudioOf(page);
    await page.getByRole('article', { name: /^\+44 •+ / }).waitFor();
    const added = await addPhone(page);

    // One after the other: two who speak at the same time cannot be read from one recording.
    {
      await using _talk = keepTalking(phones, [ANOTHER_PHONE, sample]);
      await receives('the browser', () => recorder.recorded(), isOfPhone);
      await receives('the added phone', () => phones.received(BENS_PHONE), isOfPhone);
    }
    await agreeAndUnmute(page);
    await receives('the phone that dialled in', () => phones.received(ANOTHER_PHONE), isOfBrowser);
    await receives('the added phone', () => phones.received(BENS_PHONE), isOfBrowser);

    await page.getByRole('button', { name: 'Hang up +44 20 7946 0102' }).click();
    await phones.idle(BENS_PHONE);
    await added.waitFor({ state: 'detached' });
    await endForEveryone(page);
    await phones.idle(ANOTHER_PHONE);
    const [result] = await workspace.results(channel, card.ts);
    expect(shownText(result!)).toMatch(/\+44 •+ \d+ \d+%/);
    expect(shownText(result!)).not.toContain(ben.name);
  });
});

/** Dials in, enters a wrong PIN, and then the right one. */
const dialIn = async (pin: string): Promise<void> => {
  await phones.dialIn(ANOTHER_PHONE, `${pin.startsWith('1') ? '2' : '1'}${pin.slice(1)}#`);
  await until(
    async () => {
      const { call: now } = await phones.at(ANOTHER_PHONE);
      return now?.wantsKeys === true && now.spoken.at(-1) === SPOKEN.wrongPin;
    },
    { timeoutMs: 120_000, what: 'another prompt for the PIN' },
  );
  await phones.keys(ANOTHER_PHONE, `${pin}#`);
  await phones.connected(ANOTHER_PHONE);
};

/** Adds Ben’s phone from the page. Resolves with its tile. */
const addPhone = async (page: Page) => {
  await page.getByRole('button', { name: 'People', exact: true }).click();
  await page.getByRole('button', { name: 'Add a phone' }).click();
  const dialog = page.getByRole('dialog', { name: 'Add a phone' });
  await dialog.getByLabel('Phone number').fill('+44 20 7946 0102');
  await dialog.getByRole('button', { name: 'Call' }).click();
  await phones.connected(BENS_PHONE);
  const tile = page.getByRole('article', { name: '+44 20 7946 0102' });
  await tile.waitFor();
  return tile;
};
