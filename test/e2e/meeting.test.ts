import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { until } from '../support/until.ts';
import {
  browserWithMicrophone,
  joinMeeting,
  joinMuted,
  linkFor,
  meet,
  openPage,
  pressJoin,
} from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';

/** The whole program with real browsers, whose microphones play a recording, and an engine that counts bytes. */
let browser: Browser;
let engine: ScriptedEngine;
let program: MeetingProgram;
let card: StoredMessage;
/** Streams of earlier tests. */
let earlierStreams: number;
let meetings = 0;

beforeAll(async () => {
  engine = await startScriptedEngine({ apiKey: 'the-key-of-this-test' });
  [program, browser] = await Promise.all([
    startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url }),
    browserWithMicrophone('two-voices.wav'),
  ]);
});
beforeEach(async () => {
  meetings += 1;
  await until(() => engine.live.openNow === 0, { timeoutMs: 120_000, what: 'the end of earlier streams' });
  earlierStreams = engine.live.streams.length;
  const { workspace, channel, people } = program;
  card = await meet(workspace, { channel, as: people[0].id, title: `Quiet please ${meetings}` });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  await engine?.close();
});

const linkOf = (who: 0 | 1): Promise<string> => linkFor(program.workspace, card, program.people[who].id);
const join = async (who: 0 | 1): Promise<Page> => joinMeeting(browser, await linkOf(who));

const streams = () => engine.live.streams.slice(earlierStreams);
const bytesOf = (stream: number): number => streams()[stream]?.audioBytes ?? 0;
const bytesOfAll = (): number => streams().reduce((sum, { audioBytes }) => sum + audioBytes, 0);
const receives = (stream: number, bytes: number): Promise<unknown> =>
  until(() => bytesOf(stream) >= bytes, { timeoutMs: 120_000, what: `${bytes} bytes of stream ${stream}` });
/** Waits until a page has played so much more of another’s audio: so it was sent, and it arrived. */
const plays = async (page: Page, seconds: number): Promise<void> => {
  const playedS = (): Promise<number> =>
    page.evaluate(`Math.max(0, ...[...document.querySelectorAll('audio')].map((each) => each.currentTime))`);
  const fromS = await playedS();
  await until(async () => (await playedS()) >= fromS + seconds, { timeoutMs: 120_000, what: 'audio' });
};

describe('what reaches the speech engine', () => {
  it('is nothing of anyone without consent, nor of anyone muted', async () => {
    await joinMuted(browser, await linkOf(0));
    const page = await join(1);
    await receives(0, 60_000);
    expect(streams()).toHaveLength(1);

    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Unmute' }).waitFor();
    // Another person speaks meanwhile: their bytes tell how much time has passed.
    await join(0);
    await receives(1, 10_000);
    const atMute = bytesOf(0);
    await receives(1, 100_000);
    expect(bytesOf(0)).toBe(atMute);
    expect(streams()).toHaveLength(2);

    await page.keyboard.press('m');
    // On the same stream, or on a new one if that was silent for too long.
    await until(() => bytesOf(0) > atMute || bytesOf(2) > 0, {
      timeoutMs: 120_000,
      what: 'audio after the mute',
    });
  });

  it('is nothing of anyone while the host has captions off for everyone, and pages say so', async () => {
    const [ana, ben] = [await join(0), await join(1)];
    await Promise.all([receives(0, 30_000), receives(1, 30_000)]);
    await ana.getByRole('button', { name: 'People', exact: true }).click();
    const forAll = ana.getByRole('checkbox', { name: 'Captions for everyone' });
    await forAll.uncheck();
    for (const page of [ana, ben]) await page.getByText('Not transcribing').first().waitFor();
    // The streams are finished first.
    await until(() => engine.live.openNow === 0, { what: 'the end of both streams' });
    const atSwitch = bytesOfAll();
    await plays(ben, 5);
    expect(bytesOfAll()).toBe(atSwitch);
    expect(streams()).toHaveLength(2);

    await forAll.check();
    await ben.getByText('Not transcribing').first().waitFor({ state: 'detached' });
    await Promise.all([receives(2, 30_000), receives(3, 30_000)]);
  });
});

describe('a person whom the host removes', () => {
  it('reads so, and stays out: by link, resume token or Slack, also after a restart', async () => {
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
      const sentence = 'The host removed you from this meeting.';
      await ben.reload();
      await ben.getByRole('heading', { name: sentence }).waitFor();
      expect(await joinsBySocket(link, { key, resumeToken })).toBe(false);
      const refused = await pressJoin(workspace, card, guest.id);
      expect(refused.text).toContain(sentence);
      expect(JSON.stringify(refused)).not.toContain('/meet/');
    };
    await staysOut();
    await program.killAndRestart();
    await ana.getByRole('status').getByText('Reconnecting…').waitFor({ state: 'detached' });
    await staysOut();
    await ana.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    expect(await ana.getByRole('article', { name: guest.name, exact: true }).count()).toBe(0);
  });
});

describe('a copied link', () => {
  it('admits the browser that opened it first, and no other: before its person joins, meanwhile, and after a restart', async () => {
    const { people } = program;
    const link = await linkOf(1);
    // A link preview is not a browser.
    expect((await fetch(link)).status).toBe(200);
    const own = await openPage(browser, link);
    const joinButton = own.getByRole('button', { name: /join/i });
    await joinButton.waitFor();
    const key = await keyOf(own);

    const refusesOthers = async (): Promise<void> => {
      const stranger = await openPage(browser, link);
      await stranger.getByText('This link was opened in another browser first').waitFor();
      const seen = `${await stranger.title()} ${await stranger.content()}`;
      expect(seen).not.toContain('Quiet please');
      expect(seen).not.toContain(people[1].name);
      await stranger.context().close();
      expect(await joinsBySocket(link)).toBe(false);
      expect(await joinsBySocket(link, { key: 'f'.repeat(64) })).toBe(false);
    };
    await refusesOthers();
    await own.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
    await joinButton.click();
    await own.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    await refusesOthers();
    await program.killAndRestart();
    await own.getByRole('status').getByText('Reconnecting…').waitFor({ state: 'detached' });
    await refusesOthers();

    // Their own browser is admitted: after a reload, in another tab, and by hand.
    await own.reload();
    await joinButton.waitFor();
    const tab = await own.context().newPage();
    await tab.goto(link);
    await tab.getByRole('button', { name: /join/i }).waitFor();
    expect(await joinsBySocket(link, { key })).toBe(true);
  });
});

/** The key that identifies the browser of this page. */
const keyOf = (page: Page): Promise<string> => page.evaluate(`localStorage['parley-browser']`);

/** Whether the server admits a client that is not its page. */
const joinsBySocket = async (
  link: string,
  { key, resumeToken }: { readonly key?: string; readonly resumeToken?: string } = {},
): Promise<boolean> => {
  const protocols = key === undefined ? [] : ['parley', `browser.v2-${key}`];
  const socket = new WebSocket(`${link.replace(/^http/, 'ws')}/socket`, protocols);
  const { promise, resolve } = Promise.withResolvers<boolean>();
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString()) as { notification?: string; ok?: boolean };
    if (message.notification === 'welcome') {
      const rtpCapabilities = { codecs: [], headerExtensions: [] };
      socket.send(JSON.stringify({ id: 1, request: 'join', rtpCapabilities, resumeToken }));
    } else if (message.ok !== undefined) resolve(message.ok);
  });
  socket.on('error', () => resolve(false));
  socket.on('close', () => resolve(false));
  return promise.finally(() => socket.terminate());
};
