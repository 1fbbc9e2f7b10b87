import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { until } from '../support/until.ts';
import { browserHearing, joinMeeting, linkFor, meet, openPage, pressJoin } from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';

/** The whole program, with real browsers that have a recording for a microphone, and an engine that counts bytes. */
let browser: Browser;
let engine: ScriptedEngine;
let program: MeetingProgram;
let card: StoredMessage;

beforeAll(async () => {
  browser = await browserHearing('two-voices.wav');
});
afterAll(() => browser?.close());

beforeEach(async () => {
  engine = await startScriptedEngine({ apiKey: 'the-key-of-this-test' });
  program = await startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url });
  const { workspace, channel, people } = program;
  card = await meet(workspace, { channel, as: people[0].id, title: 'Quiet please' });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await program?.stop();
  await engine?.close();
});

const linkOf = (who: 0 | 1): Promise<string> => linkFor(program.workspace, card, program.people[who].id);
const join = async (who: 0 | 1): Promise<Page> => joinMeeting(browser, await linkOf(who));

const heard = (stream: number): number => engine.live.streams[stream]?.audioBytes ?? 0;
const heardOfAll = (): number => engine.live.streams.reduce((sum, { audioBytes }) => sum + audioBytes, 0);
const hears = (stream: number, bytes: number): Promise<unknown> =>
  until(() => heard(stream) >= bytes, { timeoutMs: 60_000, what: `${bytes} bytes of stream ${stream}` });
/** Until a page has played this much more of somebody's voice: so it was said, and it arrived. */
const plays = async (page: Page, seconds: number): Promise<void> => {
  const atS = (): Promise<number> =>
    page.evaluate(`Math.max(0, ...[...document.querySelectorAll('audio')].map((each) => each.currentTime))`);
  const fromS = await atS();
  await until(async () => (await atS()) >= fromS + seconds, { timeoutMs: 60_000, what: 'the voice' });
};

describe('what reaches the speech engine', () => {
  it('is not a byte of who did not agree, nor of who is muted', async () => {
    const silent = await openPage(browser, await linkOf(0));
    await silent.getByRole('button', { name: /join/i }).click();
    await silent.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    const page = await join(1);
    await hears(0, 60_000);
    expect(engine.live.streams).toHaveLength(1);

    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Unmute' }).waitFor();
    // Somebody else agrees and speaks meanwhile, which tells how much time went by.
    await join(0);
    await hears(1, 10_000);
    const atMute = heard(0);
    await hears(1, 100_000);
    expect(heard(0)).toBe(atMute);
    expect(engine.live.streams).toHaveLength(2);

    await page.keyboard.press('m');
    // On the same connection, or on a new one if that was silent for too long.
    await until(() => heard(0) > atMute || heard(2) > 0, { what: 'the voice after the mute' });
  });

  it('is nothing of anybody while the host has captions off for all, and pages say so', async () => {
    const [ana, ben] = [await join(0), await join(1)];
    await Promise.all([hears(0, 30_000), hears(1, 30_000)]);
    await ana.getByRole('button', { name: 'People', exact: true }).click();
    const forAll = ana.getByRole('checkbox', { name: 'Captions for everyone' });
    await forAll.uncheck();
    for (const page of [ana, ben]) await page.getByText('Captions are off').first().waitFor();
    // What was said until then is asked for to its end, and then nothing is open any more.
    await until(() => engine.live.openNow === 0, { what: 'the end of both streams' });
    const atSwitch = heardOfAll();
    await plays(ben, 5);
    expect(heardOfAll()).toBe(atSwitch);
    expect(engine.live.streams).toHaveLength(2);

    await forAll.check();
    await ben.getByText('Captions are off').first().waitFor({ state: 'detached' });
    await Promise.all([hears(2, 30_000), hears(3, 30_000)]);
  });
});

describe('whom the host removes', () => {
  it('is told, is out, and does not come back: by link, token or Slack, nor after a restart', async () => {
    const [ana, ben] = [await join(0), await join(1)];
    const { workspace, people } = program;
    const [host, guest] = people;
    const link = ben.url();
    const resumeToken = await ben.evaluate<string>(`JSON.parse(sessionStorage['parley-place'])[1]`);
    expect(resumeToken.length).toBeGreaterThan(20);
    const key = await keyOf(ben);
    await ana.getByRole('button', { name: 'People', exact: true }).click();
    await ana.getByRole('button', { name: `Remove ${guest.name}` }).click();
    await ana.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await ben.getByRole('heading', { name: `${host.name} removed you from the meeting.` }).waitFor();
    await ana.getByRole('article', { name: guest.name, exact: true }).waitFor({ state: 'detached' });

    const staysOut = async (): Promise<void> => {
      const told = 'The host removed you from this meeting.';
      await ben.reload();
      await ben.getByRole('heading', { name: told }).waitFor();
      expect(await joinsBySocket(link, { key, resumeToken })).toBe(false);
      const refused = await pressJoin(workspace, card, guest.id);
      expect(refused.text).toContain(told);
      expect(JSON.stringify(refused)).not.toContain('/meet/');
    };
    await staysOut();
    await program.killAndStartAgain();
    await ana.getByRole('status').getByText('Reconnecting…').waitFor({ state: 'detached' });
    await staysOut();
    await ana.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    expect(await ana.getByRole('article', { name: guest.name, exact: true }).count()).toBe(0);
  });
});

describe('a copied link', () => {
  it('lets in the browser that opened it, and no other: not before its person, beside them, nor after a restart', async () => {
    const { people } = program;
    const link = await linkOf(1);
    // What looks at addresses before people do is not their browser.
    expect((await fetch(link)).status).toBe(200);
    const own = await openPage(browser, link);
    const joinButton = own.getByRole('button', { name: /join/i });
    await joinButton.waitFor();
    const key = await keyOf(own);

    const turnsAway = async (): Promise<void> => {
      const stranger = await openPage(browser, link);
      await stranger.getByText('This link was opened in another browser first').waitFor();
      const seen = `${await stranger.title()} ${await stranger.content()}`;
      expect(seen).not.toContain('Quiet please');
      expect(seen).not.toContain(people[1].name);
      await stranger.context().close();
      expect(await joinsBySocket(link)).toBe(false);
      expect(await joinsBySocket(link, { key: 'f'.repeat(64) })).toBe(false);
    };
    await turnsAway();
    await own.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
    await joinButton.click();
    await own.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    await turnsAway();
    await program.killAndStartAgain();
    await own.getByRole('status').getByText('Reconnecting…').waitFor({ state: 'detached' });
    await turnsAway();

    // Their own browser is let in: loaded anew, in another tab, and by hand.
    await own.reload();
    await joinButton.waitFor();
    const tab = await own.context().newPage();
    await tab.goto(link);
    await tab.getByRole('button', { name: /join/i }).waitFor();
    expect(await joinsBySocket(link, { key })).toBe(true);
  });
});

/** What tells the browser of this page from others. */
const keyOf = (page: Page): Promise<string> => page.evaluate(`localStorage['parley-browser']`);

/** Whether the server lets somebody in who speaks to it without a page of its own. */
const joinsBySocket = async (
  link: string,
  { key, resumeToken }: { readonly key?: string; readonly resumeToken?: string } = {},
): Promise<boolean> => {
  const protocols = key === undefined ? [] : ['parley', `browser.v2-${key}`];
  const socket = new WebSocket(`${link.replace(/^http/, 'ws')}/socket`, protocols);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on('message', (data) => {
    const said = JSON.parse((data as Buffer).toString()) as { notification?: string; ok?: boolean };
    if (said.notification === 'welcome') {
      const rtpCapabilities = { codecs: [], headerExtensions: [] };
      socket.send(JSON.stringify({ id: 1, request: 'join', rtpCapabilities, resumeToken }));
    } else if (said.ok !== undefined) resolve(said.ok);
  });
  socket.on('error', () => resolve(false));
  socket.on('close', () => resolve(false));
  return promise.finally(() => socket.terminate());
};
