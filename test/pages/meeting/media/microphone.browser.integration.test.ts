import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workers } from '../../../../src/media/workers.ts';
import { startWorkers } from '../../../media/support.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { fixture } from '../../../support/fixtures.ts';
import { until } from '../../../support/until.ts';
import { startMeetingServer } from '../support/meeting-server.ts';

/** What phones, headsets, laptops and people do to a page that is in a meeting. */
let workers: Workers;
let browser: Browser;
let server: Awaited<ReturnType<typeof startMeetingServer>>;
let maya: Page;

beforeAll(async () => {
  [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({
      flags: [
        '--use-fake-device-for-media-stream=device-count=2',
        '--use-fake-ui-for-media-stream',
        `--use-file-for-fake-audio-capture=${fixture('two-voices.wav')}`,
      ],
    }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  workers?.close();
});
beforeEach(async () => {
  server = await startMeetingServer({
    workers,
    guests: { maya: { name: 'Maya', host: true }, ben: { name: 'Ben' } },
  });
  maya = await join('maya');
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
});

/** Runs before the page: its open microphones, and whether there is a headset. */
const WATCH_MICROPHONES = `(() => {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  let gone = null;
  window.microphones = [];
  mediaDevices.getUserMedia = async (wanted) => {
    const stream = await open(wanted);
    window.microphones.push(...stream.getAudioTracks());
    return stream;
  };
  mediaDevices.enumerateDevices = async () => (await list()).filter(({ deviceId }) => deviceId !== gone);
  window.interrupt = (muted) => {
    const track = window.microphones.at(-1);
    Object.defineProperty(track, 'muted', { configurable: true, get: () => muted });
    track.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  };
  window.switchOff = () => {
    gone = window.microphones.at(-1).getSettings().deviceId;
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
})()`;

const enter = async (page: Page): Promise<void> => {
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Leave' }).waitFor();
};
const join = async (who: 'maya' | 'ben'): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 } });
  await context.addInitScript(WATCH_MICROPHONES);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(server.urlOf(who));
  await enter(page);
  return page;
};
const isMutedAtMayas = (state: 'attached' | 'detached'): Promise<void> =>
  maya
    .getByRole('article', { name: 'Ben', exact: true })
    .getByRole('img', { name: 'Muted' })
    .waitFor({ state });
const packetsOf = (name: string): number => server.audioPackets.get(server.partyOf(name)) ?? 0;
const isHeard = async (name: string): Promise<unknown> => {
  const before = packetsOf(name);
  return until(() => packetsOf(name) > before + 20, { what: `${name}’s voice` });
};

describe('a person who speaks while muted', () => {
  it('is told so, until they unmute', async () => {
    await maya.getByRole('button', { name: 'Mute', exact: true }).click();
    await maya.getByText('You’re muted. Press M to unmute.').waitFor();
    await maya.keyboard.press('m');
    await maya.getByText('You’re muted. Press M to unmute.').waitFor({ state: 'detached' });
  });
});

describe('a phone call that takes the microphone', () => {
  it('is shown to everyone, and the microphone is back by itself afterwards', async () => {
    const ben = await join('ben');
    await isHeard('Ben');
    await ben.evaluate('window.interrupt(true)');
    const banner = ben.getByRole('status').getByText('Your microphone is paused by your device');
    await banner.waitFor();
    await ben.getByRole('button', { name: 'Unmute' }).waitFor();
    await isMutedAtMayas('attached');
    await ben.evaluate('window.interrupt(false)');
    await banner.waitFor({ state: 'detached' });
    await isMutedAtMayas('detached');
    await isHeard('Ben');
  });

  it('and is not given back: a press of the button opens it anew', async () => {
    const ben = await join('ben');
    await ben.evaluate('window.interrupt(true)');
    await ben.getByRole('button', { name: 'Unmute' }).click();
    await ben.getByRole('button', { name: 'Mute', exact: true }).waitFor();
    expect(await ben.evaluate('window.microphones.length')).toBe(2);
    await isHeard('Ben');
  });
});

describe('a headset that is switched off', () => {
  it('is replaced by another microphone also where the browser only silences it', async () => {
    const ben = await join('ben');
    await isHeard('Ben');
    await ben.evaluate('window.switchOff()');
    await ben.getByRole('status').getByText('Your microphone stopped. Now using').waitFor();
    await isHeard('Ben');
  });
});

describe('a laptop that sleeps', () => {
  /** Nothing of the page runs meanwhile. */
  const sleep = async (page: Page): Promise<CDPSession> => {
    const session = await page.context().newCDPSession(page);
    await session.send('Debugger.enable');
    const paused = new Promise((resolve) => session.once('Debugger.paused', resolve));
    await session.send('Debugger.pause');
    await paused;
    return session;
  };

  it('is back by itself, although its place was given up meanwhile', async () => {
    const ben = await join('ben');
    await isHeard('Ben');
    const asleep = await sleep(ben);
    server.cut('ben');
    server.forget('Ben');
    await maya.getByRole('article', { name: 'Ben', exact: true }).waitFor({ state: 'detached' });
    await asleep.send('Debugger.resume');
    await maya.getByRole('article', { name: 'Ben', exact: true }).waitFor();
    await isHeard('Ben');
    await ben.getByRole('button', { name: 'Mute', exact: true }).waitFor();
  });
});

describe('the same meeting in two tabs', () => {
  it('is in the later one: the person is in once, and may go back to the first', async () => {
    const first = await join('ben');
    const second = await first.context().newPage();
    second.setDefaultTimeout(120_000);
    await second.goto(server.urlOf('ben'));
    await enter(second);
    await first.getByText('You joined from another tab or device.').waitFor();
    await isHeard('Ben');
    expect(await maya.getByRole('article').count()).toBe(2);
    await first.getByRole('button', { name: 'Join here instead' }).click();
    await enter(first);
    await second.getByText('You joined from another tab or device.').waitFor();
    await isHeard('Ben');
    expect(await maya.getByRole('article').count()).toBe(2);
  });
});
