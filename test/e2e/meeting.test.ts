import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted.ts';
import { freePort } from '../support/free-port.ts';
import { type RunningProcess, startProcess } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { browserHearing, joinMeeting, linkFor, meet, openPage, threadTexts } from './support/meeting.ts';
import { openWorkspace, shownText, type Workspace } from './support/workspace.ts';

/** The whole program, with real browsers that have a recording for a microphone. */
let browser: Browser;
let workspace: Workspace;
let parley: RunningProcess;
let channel: string;
let ana: string;
let ben: string;
let start: (env?: Record<string, string>) => Promise<void>;
let cleanUp: () => void;

beforeAll(async () => {
  browser = await browserHearing('two-voices.wav');
});
afterAll(() => browser?.close());

beforeEach(async () => {
  const { directory, remove } = temporaryDirectory();
  cleanUp = remove;
  const [port, workspacePort] = [await freePort(), await freePort()];
  start = async (env = {}) => {
    parley = startProcess('src/main.ts', [], {
      DATA_DIR: directory,
      PORT: String(port),
      WORKSPACE_PORT: String(workspacePort),
      LOG_LEVEL: 'warn',
      ...env,
    });
    await parley.until(/Parley is ready/);
    workspace = openWorkspace(`http://127.0.0.1:${workspacePort}`);
    const state = await workspace.state();
    channel = state.channels.find(({ botIsMember }) => botIsMember)!.id;
    const [first, second] = state.people.filter(({ isBot }) => !isBot);
    ana = first!.id;
    ben = second!.id;
  };
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await parley?.stop();
  cleanUp();
});

const wordsOf = (texts: readonly string[]): number => texts.join(' ').split(/\s+/).length;

describe('a meeting in the local workspace', () => {
  it('goes on after its process was killed in the middle, and its result has the words of both', async () => {
    await start();
    const card = await meet(workspace, { channel, as: ana, title: 'Launch plan' });
    const page = await joinMeeting(browser, await linkFor(workspace, card, ana));
    const said = (least: number) =>
      until(
        async () => {
          const texts = (await threadTexts(workspace, card)).filter((each) => !/\d speaker/.test(each));
          return wordsOf(texts) > least && texts;
        },
        { timeoutMs: 120_000, what: `more than ${least} words in the thread` },
      );
    const before = await said(30);
    await parley.kill();
    await start();
    const after = await said(wordsOf(before) + 30);
    const firstWords = before[0]!.slice(0, 60);
    expect(after[0]!.slice(0, 60)).toBe(firstWords);

    await page.getByRole('button', { name: 'Leave', exact: true }).click();
    await page.getByRole('button', { name: /end .*for (all|everybody)/i }).click();
    const [result] = await workspace.results(channel, card.ts);
    const text = shownText(result!);
    const people = (await workspace.state()).people;
    expect(text).toContain(people.find(({ id }) => id === ana)!.realName);
    expect(text).toMatch(/garden plan/);
    const captions = await threadTexts(workspace, card);
    // Nothing of it was posted twice: every message began with its own words.
    expect(new Set(captions.map((each) => each.slice(0, 40))).size).toBe(captions.length);
  }, 300_000);
});

describe('what reaches the speech engine', () => {
  let engine: ScriptedEngine;
  beforeEach(async () => {
    engine = await startScriptedEngine({ apiKey: 'the-key-of-this-test' });
    await start({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url });
  });
  afterEach(() => engine.close());

  const heard = (stream: number): number => engine.live.streams[stream]?.audioBytes ?? 0;
  const hears = (stream: number, bytes: number): Promise<unknown> =>
    until(() => heard(stream) >= bytes, { timeoutMs: 60_000, what: `${bytes} bytes of stream ${stream}` });

  it('is not a byte of who did not agree, nor of who is muted', async () => {
    const card = await meet(workspace, { channel, as: ana, title: 'Quiet please' });
    const silent = await openPage(browser, await linkFor(workspace, card, ana));
    await silent.getByRole('button', { name: /join/i }).click();
    await silent.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    const page = await joinMeeting(browser, await linkFor(workspace, card, ben));
    await hears(0, 60_000);
    expect(engine.live.streams).toHaveLength(1);

    await page.keyboard.press('m');
    await page.getByRole('button', { name: 'Unmute' }).waitFor();
    // Somebody else agrees and speaks meanwhile, which tells how much time went by.
    await joinMeeting(browser, await linkFor(workspace, card, ana));
    await hears(1, 10_000);
    const atMute = heard(0);
    await hears(1, 100_000);
    expect(heard(0)).toBe(atMute);
    expect(engine.live.streams).toHaveLength(2);

    await page.keyboard.press('m');
    // On the same connection, or on a new one if that was silent for too long.
    await until(() => heard(0) > atMute || heard(2) > 0, { what: 'the voice after the mute' });
  }, 240_000);
});
