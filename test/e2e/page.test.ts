import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { fixture, scriptOf } from '../support/fixtures.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { type LocalParley, startLocalParley } from './support/local.ts';

/** The whole product as a person sees it: the workspace page, the local engine, no account. */
let parley: LocalParley;
let browser: Browser;
let page: Page;
const problems: string[] = [];

beforeAll(async () => {
  [parley, browser] = await Promise.all([startLocalParley(), launchBrowser()]);
  page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(parley.workspace.url);
});
afterAll(async () => {
  await browser?.close();
  await parley?.stop();
});

const thread = () => page.getByRole('complementary', { name: 'Thread' });
const reply = () => thread().getByRole('article', { name: /^Parley/ });

/** The words of the transcript: the lines below a speaker’s name and time. */
const transcriptShown = async (): Promise<string> => {
  const text = (await reply().innerText()).replaceAll('\u00a0', ' ');
  const all = text.split('\n');
  const lines = all.slice(all.findLastIndex((line) => /\d% · \d:\d\d\s*$/.test(line)) + 1);
  const spoken = lines.filter((_line, at) => /\d:\d\d\s*$/.test(lines[at - 1] ?? ''));
  return spoken.join(' ');
};

describe('a person who opens the local workspace', () => {
  it('reads which services are simulated, and which variable connects the real ones', async () => {
    const about = page.getByRole('region', { name: 'About this channel' });
    await about.getByText('DEEPGRAM_API_KEY').waitFor();
    await about.getByText('SLACK_BOT_TOKEN').waitFor();
  });

  it('picks a recording, sends it, and the thread opens with its result', async () => {
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('main').getByRole('button', { name: 'Add files' }).click();
    await (await chooser).setFiles(fixture('two-voices.m4a'));
    await page.getByRole('button', { name: 'Send' }).first().click();
    const chart = reply().getByRole('img', { name: /Pie chart of talk time: Speaker 1/ });
    await chart.waitFor();
    expect(await chart.evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(
      600,
    );
  });

  it('reads two speakers with their shares, and what each of them said', async () => {
    const script = scriptOf('two-voices');
    const alt = await reply()
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
    await reply().getByRole('button', { name: 'Name speakers' }).click();
    const dialog = page.getByRole('dialog', { name: 'Name speakers' });
    await dialog.getByRole('textbox').nth(0).fill('Nora');
    await dialog.getByRole('textbox').nth(1).fill('Ben');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await reply()
      .getByRole('img', { name: /Nora \d+.*Ben \d+/ })
      .waitFor();
    expect(await reply().innerText()).not.toMatch(/Speaker \d/);
  });

  it('downloads the subtitles', async () => {
    await reply().getByRole('button', { name: 'Share transcript…' }).click();
    // The last group posts it in the thread.
    await page.getByRole('option', { name: 'Subtitles (VTT)' }).last().click();
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
