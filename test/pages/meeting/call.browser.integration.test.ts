import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { CallState } from '../../../src/core/meeting/capture.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { startWorkers } from '../../media/support.ts';
import { faultsOf } from '../../support/accessibility.ts';
import { launchBrowser } from '../../support/browser.ts';
import { startMeetingServer } from './support/meeting-server.ts';

/** The page of a call: its words, its light, and how it ends. */
const PATIENCE_MS = 120_000;

const PLANNED: CallState = { recording: { name: 'planned' }, answeredAtMs: null };
let workers: Workers;
let browser: Browser;
let server: Awaited<ReturnType<typeof startMeetingServer>>;
let page: Page;

beforeAll(async () => {
  [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] }),
  ]);
}, PATIENCE_MS);
beforeEach(async () => {
  server = await startMeetingServer({
    workers,
    guests: { ana: { name: 'Ana', host: true } },
    title: 'Call to Nora',
    info: {
      kind: 'call',
      threadUrl: 'https://acme.slack.com/archives/C1/p1',
      capture: { kind: 'call', recording: { name: 'planned' }, captioned: true, kept: false },
    },
  });
  server.meeting.setCall(PLANNED);
  page = await browser.newPage({ viewport: { width: 1100, height: 700 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(server.urlOf('ana'), { timeout: PATIENCE_MS });
}, PATIENCE_MS);
afterEach(async () => {
  await page?.close();
  await server?.close();
});
afterAll(async () => {
  await browser?.close();
  workers?.close();
});

const light = (text: string) => page.locator('header').getByText(text, { exact: true });
const join = async (): Promise<void> => {
  await page.getByRole('checkbox', { name: 'I agree to be recorded, captioned and transcribed.' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Hang up', exact: true }).waitFor();
};
const addNora = (): Promise<unknown> =>
  server.meeting.phones.add(
    { legId: 'l1' as LegId, name: 'Nora', consented: true },
    { play: () => {}, removed: () => {} },
  );

it(
  'has a light for as long as it is recorded, and then says who declined',
  async () => {
    await page.getByText('The recording is deleted once it’s transcribed.').waitFor();
    await join();
    await light('Transcribing').waitFor();
    expect(await page.getByRole('timer').count()).toBe(0);

    server.meeting.setCall({ recording: { name: 'running' }, answeredAtMs: 0 });
    await light('Recording').waitFor();
    await page.getByRole('timer').waitFor();
    expect(await faultsOf(page)).toEqual([]);

    server.meeting.setCall({ recording: { name: 'off', declinedBy: 'Nora' }, answeredAtMs: 0 });
    server.meeting.stopCaptions('Nora declined recording and transcription.');
    await light('Recording off: Nora declined').waitFor();
    expect(await light('Recording').count()).toBe(0);
    expect(await faultsOf(page)).toEqual([]);
  },
  PATIENCE_MS * 2,
);

it(
  'ends for everyone when its caller hangs up on the only phone',
  async () => {
    await join();
    await addNora();
    await page.getByText('Nora joined.').waitFor();
    server.meeting.setCall({ recording: { name: 'running' }, answeredAtMs: 0 });
    await light('Recording').waitFor();
    await page.getByRole('button', { name: 'Hang up', exact: true }).click();
    await page.getByRole('heading', { name: 'You ended the call.' }).waitFor();
    await page.getByText(/^\d:\d\d · 2 people$/).waitFor();
    await page.getByText('The transcript and talk time will be in Slack in a moment.').waitFor();
    const toSlack = page.getByRole('link', { name: 'Open in Slack' });
    expect(await toSlack.getAttribute('href')).toBe('https://acme.slack.com/archives/C1/p1');
    expect(await page.getByRole('button', { name: 'Join again' }).count()).toBe(0);
    expect(server.meeting.isClosed).toBe(true);
    expect(await faultsOf(page)).toEqual([]);
  },
  PATIENCE_MS * 2,
);
