import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { startWorkers } from '../../media/support.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { watchForText } from '../../support/watch-for-text.ts';
import { startMeetingServer } from './support/meeting-server.ts';

/** The built page in real browsers, with real signalling and a real media worker. */
type Server = Awaited<ReturnType<typeof startMeetingServer>>;

const GUESTS = {
  maya: { name: 'Maya', host: true },
  ben: { name: 'Ben' },
  ida: { name: '<b>Ida</b>' },
  zoe: { name: 'Zoe' },
};
type Who = keyof typeof GUESTS;

let workers: Workers;
let browser: Browser;
let server: Server;
const problems: string[] = [];

beforeAll(async () => {
  [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({
      flags: [
        '--use-fake-device-for-media-stream',
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
  problems.length = 0;
  server = await startMeetingServer({ workers, guests: GUESTS });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
  expect(problems).toEqual([]);
});

/** Runs before the page: counts its peer connections. */
const COUNT_CONNECTIONS = `window.connectionCount = 0;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      window.connectionCount += 1;
    }
  };`;

const open = async (
  who: string,
  { first, ...options }: Parameters<Browser['newContext']>[0] & { readonly first?: string } = {},
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1100, height: 700 }, ...options });
  if (first !== undefined) await context.addInitScript(first);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    // The browser itself logs a lost channel or a refused link.
    const expected = /WebSocket connection|Failed to load resource/.test(message.text());
    if (message.type() === 'error' && !expected) problems.push(message.text());
  });
  await page.goto(server.urlOf(who));
  return page;
};
const join = async (who: Who, options?: Parameters<typeof open>[1]): Promise<Page> => {
  const page = await open(who, options);
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  return page;
};
const tile = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
/** These tests are compiled without the browser's types. */
interface Picture {
  getVideoPlaybackQuality(): { readonly totalVideoFrames: number };
}
/** Frames that a page has rendered of a person's camera. */
const framesOf = (page: Page, name: string): Promise<number> =>
  tile(page, name)
    .locator('video')
    .evaluate((video) => (video as unknown as Picture).getVideoPlaybackQuality().totalVideoFrames);
/** The id of a person's video track on a page, if any. */
const pictureOf = (page: Page, name: string): Promise<string | null> =>
  page.evaluate<string | null>(
    `[...document.querySelectorAll('article')].find((each) => each.getAttribute('aria-label') === ${JSON.stringify(name)})
      ?.querySelector('video')?.srcObject?.getVideoTracks()[0]?.id ?? null`,
  );
/** How many remote audio streams a page plays. */
const audioCount = (page: Page): Promise<number> =>
  page
    .evaluate(
      `[...document.querySelectorAll('audio')].filter((a) => !a.paused && a.currentTime > 0 && a.srcObject?.getAudioTracks().some((t) => !t.muted && t.readyState === 'live')).length`,
    )
    .then(Number);
const sees = (page: Page, name: string): Promise<unknown> =>
  until(async () => (await framesOf(page, name)) > 3, { what: `a picture of ${name}` });
const sameWhile = async <T>(ask: () => T, work: () => Promise<unknown>): Promise<void> => {
  const before = ask();
  await work();
  expect(ask()).toBe(before);
};

describe('the meeting page', () => {
  it('connects three people: they see and hear each other, and mute shows everywhere', async () => {
    const maya = await join('maya');
    await maya.getByText('You’re the only one here.').waitFor();
    const ben = await join('ben');
    const ida = await join('ida', { viewport: { width: 390, height: 780 }, isMobile: true, hasTouch: true });
    await sees(maya, 'Ben');
    await sees(maya, '<b>Ida</b>');
    await sees(ben, 'Maya');
    await sees(ida, 'Ben');
    await until(async () => (await audioCount(maya)) === 2, { what: 'two audio streams at Maya’s' });
    await until(async () => (await audioCount(ida)) === 2, { what: 'two audio streams at Ida’s' });
    expect(await ida.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);

    const party = server.partyOf('Ben');
    await until(() => (server.audioPackets.get(party) ?? 0) > 20, { what: 'Ben’s packets at the tap' });
    await ben.keyboard.press('m');
    await ben.getByRole('button', { name: 'Unmute' }).waitFor();
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor();
    await tile(ida, 'Ben').getByRole('img', { name: 'Muted' }).waitFor();
    const mayasParty = server.partyOf('Maya');
    const mayasPackets = server.audioPackets.get(mayasParty) ?? 0;
    await sameWhile(
      () => server.audioPackets.get(party),
      () => until(() => (server.audioPackets.get(mayasParty) ?? 0) > mayasPackets + 50),
    );
    await ben.keyboard.press('m');
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor({ state: 'detached' });
    await until(() => (server.audioPackets.get(party) ?? 0) > 40, { what: 'Ben’s packets again' });

    await ben.keyboard.press('v');
    await tile(maya, 'Ben').locator('video').waitFor({ state: 'detached' });
    await ben.keyboard.press('v');
    await sees(maya, 'Ben');
    const news = maya.getByRole('status').getByText('Ben raised a hand.').waitFor();
    await ben.getByRole('button', { name: 'Raise hand' }).click();
    await tile(maya, 'Ben').getByRole('img', { name: 'Hand raised' }).waitFor();
    await news;
  });

  it('transcribes no one without consent, and asks again on unmuting', async () => {
    const maya = await join('maya');
    const ben = await open('ben');
    await ben.getByRole('button', { name: 'Join muted' }).click();
    await ben.getByRole('button', { name: 'Leave' }).waitFor();
    await tile(maya, 'Ben').getByRole('img', { name: 'No microphone' }).waitFor();
    await ben.keyboard.press('m');
    const question = ben.getByRole('dialog', { name: 'Before you speak' });
    await question.getByRole('button', { name: 'Stay muted' }).click();
    expect(server.audioPackets.get(server.partyOf('Ben'))).toBeUndefined();
    await ben.keyboard.press('m');
    await question.getByRole('button', { name: 'Agree and unmute' }).click();
    await tile(maya, 'Ben').getByRole('img', { name: 'No microphone' }).waitFor({ state: 'detached' });
    await until(() => (server.audioPackets.get(server.partyOf('Ben')) ?? 0) > 20);
    await ben.getByRole('button', { name: 'Settings' }).click();
    await ben.getByRole('button', { name: 'Withdraw consent' }).click();
    await tile(maya, 'Ben').getByRole('img', { name: 'No microphone' }).waitFor();
  });

  it('shows captions with names, never changes committed words, and shows earlier lines to late joiners', async () => {
    const maya = await join('maya');
    const ben = await join('ben');
    await tile(maya, 'Ben').waitFor();
    const [m, b] = [server.partyOf('Maya'), server.partyOf('Ben')];
    for (const page of [maya, ben]) await page.getByRole('button', { name: 'Transcript' }).click();

    server.sendCaption({
      partyIndex: m,
      id: 'm1',
      text: 'Good morning every',
      committed: 12,
      isFinal: false,
    });
    const caption = ben.locator('.caption').filter({ hasText: 'Maya' });
    await caption.getByText('Good morning').waitFor();
    expect(await caption.locator('.caption-interim').textContent()).toBe(' every');
    server.sendCaption({ partyIndex: m, id: 'm1', text: 'Food morning everybody.' });
    await ben.getByRole('region', { name: 'Transcript' }).getByText('Good morning every').waitFor();
    await ben.getByRole('log').getByText('Maya: Good morning every').waitFor({ state: 'attached' });
    for (const [index, text] of ['One.', 'Two.', 'Three.', '<img src=x onerror=alert(1)>'].entries()) {
      server.sendCaption({ partyIndex: b, id: `b${index}`, text });
    }
    await maya.getByRole('region', { name: 'Transcript' }).getByText('<img src=x').waitFor();

    const ida = await join('ida');
    await ida.getByRole('button', { name: 'Transcript' }).click();
    const said = ida.getByRole('region', { name: 'Transcript' });
    await said.getByText('Three.').waitFor();
    expect(await said.getByRole('article').count()).toBe(2);
    await ida.getByRole('searchbox', { name: 'Search the transcript' }).fill('two');
    await until(async () => (await said.locator('mark').allTextContents()).join() === 'Two');
    expect(await said.getByText('Three.').count()).toBe(0);

    server.meeting.sendTalkTime([
      { partyIndex: m, speakingMs: 60_000 },
      { partyIndex: b, speakingMs: 20_000 },
    ]);
    const bars = ida.getByRole('region', { name: 'Talk time' });
    await bars.getByRole('img', { name: '1 min 0 s, 75 percent' }).waitFor();

    await ben.getByRole('button', { name: 'Hide captions' }).click();
    await ben.getByText('You turned captions off on this device.').waitFor();
    server.sendCaption({ partyIndex: m, id: 'm2', text: 'Said while Ben did not read.' });
    await maya.getByText('Said while Ben did not read.').first().waitFor();
    expect(await ben.getByText('Said while Ben did not read.').count()).toBe(0);
    await ben.getByRole('button', { name: 'Show captions' }).first().click();
    await ben.getByRole('region', { name: 'Transcript' }).getByText('Said while Ben').waitFor();
  });

  it('says when the channel is lost and reconnects by itself, with everything as it was', async () => {
    const maya = await join('maya');
    const ben = await join('ben');
    await sees(maya, 'Ben');
    await ben.getByRole('button', { name: 'Raise hand' }).click();
    await ben.keyboard.press('m');
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor();
    const banner = ben.getByRole('status').getByText('Reconnecting…');
    const shown = await watchForText(ben, 'Reconnecting…');
    server.cut('ben');
    await shown();
    await banner.waitFor({ state: 'detached' });
    server.sendCaption({ partyIndex: server.partyOf('Maya'), id: 'again', text: 'Welcome back.' });
    await ben.locator('.caption').getByText('Welcome back.').waitFor();
    await sees(ben, 'Maya');
    await sees(maya, 'Ben');
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor();
    await tile(maya, 'Ben').getByRole('img', { name: 'Hand raised' }).waitFor();
    expect(await maya.getByRole('article').count()).toBe(2);
  });

  it('keeps its media while the channel is lost, and then catches up', async () => {
    const maya = await join('maya');
    const ben = await join('ben', { first: COUNT_CONNECTIONS });
    const ida = await join('ida');
    await sees(ben, 'Maya');
    await sees(maya, 'Ben');
    await until(async () => (await audioCount(ben)) === 2);
    await maya.getByRole('button', { name: 'People', exact: true }).click();
    const made = await ben.evaluate('window.connectionCount');
    const sound = await ben.locator('audio').first().elementHandle();
    const lost = ben.getByRole('status').getByText('Reconnecting…');

    const release = server.block('ben');
    await lost.waitFor();
    // Meanwhile on other pages: a camera stops, a person leaves, one is muted, and one joins.
    await maya.keyboard.press('v');
    await ida.getByRole('button', { name: 'Leave' }).click();
    await maya.getByRole('button', { name: 'Mute Ben' }).click();
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor();
    const zoe = await join('zoe');
    await sees(zoe, 'Ben');
    // On this page: a camera is switched off.
    await ben.keyboard.press('v');
    release();
    await lost.waitFor({ state: 'detached' });

    await sees(ben, 'Zoe');
    await ben.getByRole('button', { name: 'Unmute' }).waitFor();
    await tile(ben, '<b>Ida</b>').waitFor({ state: 'detached' });
    await tile(ben, 'Maya').locator('video').waitFor({ state: 'detached' });
    await tile(maya, 'Ben').locator('video').waitFor({ state: 'detached' });
    await until(async () => (await audioCount(ben)) === 2, { what: 'Maya’s audio and Zoe’s' });
    expect(await ben.evaluate('window.connectionCount')).toBe(made);
    expect(await sound?.evaluate((audio) => (audio as unknown as { isConnected: boolean }).isConnected)).toBe(
      true,
    );

    // What is done during a second outage counts, whatever was before.
    const party = server.partyOf('Ben');
    const releaseAgain = server.block('ben');
    await lost.waitFor();
    await ben.keyboard.press('m');
    await ben.keyboard.press('v');
    await maya.keyboard.press('v');
    const packets = server.audioPackets.get(party) ?? 0;
    releaseAgain();
    await lost.waitFor({ state: 'detached' });
    await until(() => (server.audioPackets.get(party) ?? 0) > packets + 20, { what: 'Ben’s packets' });
    await tile(maya, 'Ben').getByRole('img', { name: 'Muted' }).waitFor({ state: 'detached' });
    await sees(maya, 'Ben');
    await sees(ben, 'Maya');
    expect(await ben.evaluate('window.connectionCount')).toBe(made);
  });

  it('stops transcribing a person who withdraws consent while the channel is lost', async () => {
    const maya = await join('maya');
    const ben = await join('ben');
    const [m, b] = [server.partyOf('Maya'), server.partyOf('Ben')];
    const heard = (party: number): number => server.audioPackets.get(party) ?? 0;
    await until(() => heard(b) > 20 && heard(m) > 20);
    await ben.getByRole('button', { name: 'Settings' }).click();
    const release = server.block('ben');
    const lost = ben.getByRole('status').getByText('Reconnecting…');
    await lost.waitFor();
    await ben.getByRole('button', { name: 'Withdraw consent' }).click();
    await ben.getByRole('button', { name: 'Agree', exact: true }).waitFor();
    const mayaSpeaks = async (): Promise<unknown> => {
      const now = heard(m);
      return until(() => heard(m) > now + 50);
    };
    // Packets that were under way have arrived.
    await mayaSpeaks();
    await sameWhile(() => heard(b), mayaSpeaks);
    release();
    await lost.waitFor({ state: 'detached' });
    await tile(maya, 'Ben').getByRole('img', { name: 'No microphone' }).waitFor();
    await sameWhile(() => heard(b), mayaSpeaks);
  });

  it('lets the host mute and unmute a phone, which cannot itself', async () => {
    const maya = await join('maya');
    const line = { play: () => {}, removed: () => {} };
    await server.meeting.phones.add(
      { legId: 'leg-1' as LegId, name: '+44 20 7946 0101', consented: true },
      line,
    );
    await maya.getByRole('button', { name: 'People', exact: true }).click();
    await maya.getByRole('button', { name: 'Mute +44 20 7946 0101', exact: true }).click();
    await tile(maya, '+44 20 7946 0101').getByRole('img', { name: 'Muted' }).waitFor();
    await maya.getByRole('button', { name: 'Unmute +44 20 7946 0101', exact: true }).click();
    await tile(maya, '+44 20 7946 0101').getByRole('img', { name: 'Muted' }).waitFor({ state: 'detached' });
    await maya.getByRole('button', { name: 'Mute +44 20 7946 0101', exact: true }).waitFor();
    expect(await maya.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
  });

  it('recovers when the media worker dies', async () => {
    const maya = await join('maya');
    const ben = await join('ben');
    await sees(maya, 'Ben');
    await sees(ben, 'Maya');
    const before = await pictureOf(maya, 'Ben');
    for (const pid of workers.pids()) process.kill(pid, 'SIGKILL');
    await until(async () => ![null, before].includes(await pictureOf(maya, 'Ben')), {
      what: 'a new picture',
    });
    await sees(maya, 'Ben');
    await sees(ben, 'Maya');
    await until(async () => (await audioCount(ben)) === 1);
  });

  it('lets the host mute, remove, switch captions and end, and tells those affected', async () => {
    const maya = await join('maya');
    const ben = await join('ben');
    const ida = await join('ida');
    await tile(maya, '<b>Ida</b>').waitFor();
    await maya.getByRole('button', { name: 'People', exact: true }).click();
    expect(await ben.getByRole('button', { name: /^Remove/ }).count()).toBe(0);
    await maya.getByRole('button', { name: 'Mute Ben' }).click();
    await ben.getByRole('status').getByText('Maya muted you.').waitFor();
    await ben.getByRole('button', { name: 'Unmute' }).waitFor();

    await maya.getByRole('button', { name: 'Remove Ben' }).click();
    await maya.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await ben.getByRole('heading', { name: 'Maya removed you from the meeting.' }).waitFor();
    await tile(maya, 'Ben').waitFor({ state: 'detached' });
    await ben.reload();
    await ben.getByRole('button', { name: 'Join muted' }).click();
    await ben.getByRole('heading', { name: 'The host removed you from this meeting.' }).waitFor();

    await maya.getByRole('checkbox', { name: 'Captions for everyone' }).uncheck();
    await ida.getByText('Not transcribing').first().waitFor();
    await maya.getByRole('button', { name: 'Leave' }).click();
    const leaving = maya.getByRole('dialog', { name: 'Leave or end the meeting?' });
    // Enter alone ends nothing.
    await leaving.locator('button:focus').filter({ hasText: 'Cancel' }).waitFor();
    await maya.keyboard.press('Enter');
    await leaving.waitFor({ state: 'detached' });
    await maya.getByRole('button', { name: 'Leave' }).click();
    await leaving.getByRole('button', { name: 'End for everyone' }).click();
    await ida.getByRole('heading', { name: 'Maya ended the meeting.' }).waitFor();
    await ida.reload();
    await ida.getByRole('heading', { name: 'Maya ended this meeting.' }).waitFor();
  });

  it('says why a link is not valid, and why there is no microphone', async () => {
    const stranger = await open('nobody');
    await stranger.getByRole('heading', { name: 'This link has expired.' }).waitFor();
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(
      `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('', 'NotAllowedError'))`,
    );
    await page.goto(server.urlOf('ben'));
    await page.getByRole('alert').getByText('is blocking the microphone').waitFor();
    await page.getByRole('button', { name: 'Join muted' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('button', { name: 'Join again' }).waitFor();
  });
});
