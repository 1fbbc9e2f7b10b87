import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { fixture, scriptOf } from '../support/fixtures.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { type LocalParley, startLocalParley } from './support/local.ts';

/** A person with the whole product in front of them: real page, real engine, nobody's account. */
let parley: LocalParley;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [parley, browser] = await Promise.all([startLocalParley(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(60_000);
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(parley.workspace.url);
});
afterAll(async () => {
  await browser?.close();
  await parley?.stop();
});

const thread = () => page.getByRole('complementary', { name: 'Thread' });
const answer = () => thread().getByRole('article', { name: /^Parley/ });

/** The words of the answer's transcript, as a reader finds them under the speakers' names and times. */
const transcriptShown = async (): Promise<string> => {
  const text = (await answer().innerText()).replaceAll('\u00a0', ' ');
  const lines = text.slice(text.indexOf('response time')).split('\n');
  const spoken = lines.filter((_line, at) => /\d:\d\d\s*$/.test(lines[at - 1] ?? ''));
  return spoken.join(' ');
};

describe('a person who opens the local workspace', () => {
  it('reads what is a stand-in and which variable makes it real', async () => {
    const about = page.getByRole('region', { name: 'About this channel' });
    await about.getByText('DEEPGRAM_API_KEY').waitFor();
    await about.getByText('SLACK_BOT_TOKEN').waitFor();
  });

  it('picks a recording, sends it, and the thread opens with its result', async () => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('main').getByRole('button', { name: 'Add files' }).click();
    await (await chooser).setFiles(fixture('two-voices.m4a'));
    await page.getByRole('button', { name: 'Send' }).first().click();
    const chart = answer().getByRole('img', { name: /Pie chart of talk time: Speaker 1/ });
    await chart.waitFor();
    expect(await chart.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(
      600,
    );
  });

  it('reads two speakers with their shares, and what each of them said', async () => {
    const script = scriptOf('two-voices');
    const alt = await answer()
      .getByRole('img', { name: /Pie chart/ })
      .getAttribute('alt');
    const shares = [...(alt ?? '').matchAll(/Speaker \d (\d+)\s?%/g)].map((match) => Number(match[1]));
    expect(shares).toHaveLength(2);
    for (const [at, share] of Object.values(script.shares).entries()) {
      expect(Math.abs((shares[at] ?? 0) - share * 100)).toBeLessThanOrEqual(3);
    }
    const said = script.utterances.map(({ text }) => text).join(' ');
    expect(wordErrorRate(said, await transcriptShown())).toBeLessThanOrEqual(0.1);
  });

  it('names the speakers, and finds the names in chart, figures and transcript', async () => {
    await answer().getByRole('button', { name: 'Name speakers' }).click();
    const dialogue = page.getByRole('dialog', { name: 'Name speakers' });
    await dialogue.getByRole('textbox').nth(0).fill('Nora');
    await dialogue.getByRole('textbox').nth(1).fill('Ben');
    await dialogue.getByRole('button', { name: 'Save' }).click();
    await answer()
      .getByRole('img', { name: /Nora \d+.*Ben \d+/ })
      .waitFor();
    expect(await answer().innerText()).not.toMatch(/Speaker \d/);
  });

  it('takes the subtitles along', async () => {
    await answer().getByRole('button', { name: /VTT/ }).click();
    const file = thread().getByRole('link', { name: /\.vtt/ }).first();
    await file.waitFor();
    const address = new URL((await file.getAttribute('href')) ?? '', parley.workspace.url);
    const subtitles = await (await fetch(address)).text();
    expect(subtitles).toMatch(/^WEBVTT/);
    expect(subtitles).toContain('<v Nora>');
  });

  it('sees no error on the way', () => {
    expect(problems).toEqual([]);
  });
});
