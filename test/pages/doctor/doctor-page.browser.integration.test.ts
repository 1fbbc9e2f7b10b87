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
  await page.getByRole('button', { name: 'Start test' }).click();
  await page.getByRole('button', { name: 'Test again' }).waitFor({ timeout: 90_000 });
  return page;
};
const checkText = (page: Page, name: RegExp): Promise<string> =>
  page.getByRole('listitem').filter({ hasText: name }).innerText();

describe('the connection test page', () => {
  it('sends audio to a worker and back, over UDP alone and over TCP alone', async () => {
    const page = await test();
    expect(await page.getByRole('status').innerText()).toMatch(
      /^You’re ready for meetings\.\n+Everything works/,
    );
    expect(await checkText(page, /UDP/)).toMatch(
      /Works: round trip \d+ ms; \d{4,} bytes of audio there, \d{4,} back; server 127\.0\.0\.1:\d+/,
    );
    expect(await checkText(page, /TCP/)).toMatch(/Works: round trip \d+ ms; \d{4,} bytes of audio there/);
    expect(await checkText(page, /TURN/)).toMatch(/Skipped: not set up on this server/);
    expect(await checkText(page, /WebSocket/)).toMatch(/Works: responds in \d+ ms/);
    const report = await page.locator('pre').innerText();
    expect(report).toMatch(/^Parley connection test, \d{4}-/);
    expect(report).toMatch(/ok {5} {2}Audio and video over TCP/);
    // The report is passed on, and must not hold the link.
    expect(report).not.toContain('/doctor/');
  });

  it('says what works for a browser without UDP', async () => {
    const page = await test(['--webrtc-ip-handling-policy=disable_non_proxied_udp']);
    expect(await checkText(page, /UDP/)).toMatch(/Failed: no path found in 12 s/);
    expect(await checkText(page, /TCP/)).toMatch(/Works: /);
    expect(await page.getByRole('status').innerText()).toMatch(/may be choppy.*\n+UDP is blocked here/);
  });
});
