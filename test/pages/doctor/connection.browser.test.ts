import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Workers } from '../../../src/media/workers.ts';
import { startDoctorServer } from '../../doctor/support/doctor-server.ts';
import { startWorkers } from '../../media/support.ts';
import { launchBrowser } from '../../support/browser.ts';

/** The built page in a real browser, with a real worker at the other end. */
let workers: Workers;
let server: Awaited<ReturnType<typeof startDoctorServer>>;
let browser: Browser | null = null;
const problems: string[] = [];

beforeAll(async () => {
  workers = await startWorkers(1);
  server = await startDoctorServer({ workers: () => workers });
});
afterAll(async () => {
  await server?.close();
  workers?.close();
});
afterEach(async () => {
  await browser?.close();
  browser = null;
  expect(problems.splice(0)).toEqual([]);
});

const test = async (flags: readonly string[] = []): Promise<Page> => {
  browser = await launchBrowser({ flags });
  const page = await browser.newPage();
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.goto(await server.link());
  await page.getByRole('button', { name: 'Start the test' }).click();
  await page.getByRole('button', { name: 'Test again' }).waitFor({ timeout: 90_000 });
  return page;
};
const found = (page: Page, name: RegExp): Promise<string> =>
  page.getByRole('listitem').filter({ hasText: name }).innerText();

describe('the page that tests a connection', () => {
  it('sends sound to a worker and back, by UDP alone and by TCP alone', async () => {
    const page = await test();
    expect(await page.getByRole('status').innerText()).toMatch(
      /^You can take part in meetings\.\n+Everything works/,
    );
    expect(await found(page, /UDP/)).toMatch(
      /Works: round trip \d+ ms; \d{4,} bytes of sound there, \d{4,} back; server 127\.0\.0\.1:\d+/,
    );
    expect(await found(page, /TCP/)).toMatch(/Works: round trip \d+ ms; \d{4,} bytes of sound there/);
    expect(await found(page, /TURN/)).toMatch(/Not tested: this Parley has none/);
    expect(await found(page, /WebSocket/)).toMatch(/Works: an answer takes \d+ ms/);
    const report = await page.locator('pre').innerText();
    expect(report).toMatch(/^Parley connection test, \d{4}-/);
    expect(report).toMatch(/ok {4} {2}Sound and picture, the second way \(TCP\)/);
    // What is to be sent on must not hold the way in.
    expect(report).not.toContain('/doctor/');
  });

  it('says what a browser without UDP is left with', async () => {
    const page = await test(['--webrtc-ip-handling-policy=disable_non_proxied_udp']);
    expect(await found(page, /UDP/)).toMatch(/Does not work: no path was found in 12 s/);
    expect(await found(page, /TCP/)).toMatch(/Works: /);
    expect(await page.getByRole('status').innerText()).toMatch(/with some delay at times.*\n+The usual way/);
  });
});
