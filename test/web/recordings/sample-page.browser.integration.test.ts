import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SAMPLE_PAGE_POLICY, samplePage } from '../../../src/web/recordings/sample-page.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';

let server: Server;
let browser: Browser;
let page: Page;
const media = new Map<string, Buffer>([
  ['/playable', readFileSync(fixture('one-word.wav'))],
  ['/amr', Buffer.from(`#!AMR\n${'\x3c'.padEnd(3_200, '\x55')}`, 'latin1')],
]);

beforeAll(async () => {
  server = createServer((request, response) => {
    const bytes = media.get(request.url ?? '');
    if (bytes !== undefined) return response.end(bytes);
    const name = new URL(request.url ?? '/', 'http://page').searchParams.get('media') ?? '';
    response.setHeader('Content-Security-Policy', SAMPLE_PAGE_POLICY);
    response.setHeader('Content-Type', 'text/html');
    response.end(
      samplePage(
        `/${name}`,
        { conversationId: 'c' as never, voice: '0:0', startMs: 0, endMs: 1_000 },
        { currentName: 'Speaker 1', excerpt: 'Hello.' },
      ),
    );
  }).listen(0, '127.0.0.1');
  browser = await launchBrowser();
  page = await browser.newPage();
});
afterAll(async () => {
  await browser?.close();
  server.close();
});

const open = (name: string) =>
  page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/?media=${name}`);

test('a clip that the browser plays has a player and nothing else', async () => {
  await open('playable');
  await page.waitForFunction("document.querySelector('video').readyState > 0");
  expect(await page.getByText('can’t play this format').isVisible()).toBe(false);
});

test('one that it can’t play has a sentence and the file instead of a dead player', async () => {
  await open('amr');
  await page.getByText('Your browser can’t play this format.').waitFor();
  expect(await page.locator('video').isVisible()).toBe(false);
  expect(await page.getByRole('link', { name: 'Download the recording' }).getAttribute('href')).toBe('/amr');
});
