import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workers } from '../../../src/media/workers.ts';
import { startWorkers } from '../../media/support.ts';
import { faultsOf } from '../../support/accessibility.ts';
import { launchBrowser } from '../../support/browser.ts';
import { startMeetingServer } from './support/meeting-server.ts';

/** The built page under axe's accessibility rules. */
const PATIENCE_MS = 120_000;

let workers: Workers;
let browser: Browser;
let server: Awaited<ReturnType<typeof startMeetingServer>>;

beforeAll(async () => {
  [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] }),
  ]);
  server = await startMeetingServer({ workers, guests: { maya: { name: 'Maya', host: true } } });
}, PATIENCE_MS);
afterAll(async () => {
  await browser?.close();
  await server?.close();
  workers?.close();
});

const open = async (): Promise<Page> => {
  // An element that is fading in has no contrast yet.
  const page = await browser.newPage({ viewport: { width: 1100, height: 700 }, reducedMotion: 'reduce' });
  page.setDefaultTimeout(PATIENCE_MS);
  await page.goto(server.urlOf('maya'), { timeout: PATIENCE_MS });
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).waitFor();
  return page;
};

describe('the accessibility of the meeting page', () => {
  it(
    'has no faults in the lobby, the meeting, its panels and its dialogs',
    async () => {
      const page = await open();
      expect(await faultsOf(page)).toEqual([]);

      await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
      await page.getByRole('button', { name: 'Join now' }).click();
      await page.getByRole('button', { name: 'People', exact: true }).click();
      await page.getByRole('heading', { name: 'People' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Transcript', exact: true }).click();
      await page.getByRole('heading', { name: 'Transcript' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);

      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await faultsOf(page)).toEqual([]);
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      await page.close();
    },
    PATIENCE_MS * 2,
  );

  it(
    'names mute buttons by what a click does, and other toggles by their state',
    async () => {
      const page = await open();
      await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
      await page.getByRole('button', { name: 'Join now' }).click();
      const mute = page.getByRole('button', { name: 'Mute', exact: true });
      await mute.waitFor();
      expect(await mute.getAttribute('aria-pressed')).toBeNull();
      // A button whose name stays has a state.
      const transcript = page.getByRole('button', { name: 'Transcript', exact: true });
      expect(await transcript.getAttribute('aria-pressed')).toBe('false');
      await transcript.click();
      await page.getByRole('button', { name: 'Transcript', exact: true, pressed: true }).waitFor();
      await page.close();
    },
    PATIENCE_MS * 2,
  );
});
