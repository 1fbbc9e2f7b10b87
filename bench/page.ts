import path from 'node:path';
import type { Page } from 'playwright-core';
import { startScriptedEngine } from '../sandbox/engine/scripted/index.ts';
import { browserWithMicrophone, joinMeeting, linkFor, meet } from '../test/e2e/support/meeting.ts';
import { openWorkspace } from '../test/e2e/support/workspace.ts';
import { freePort } from '../test/support/free-port.ts';
import { startProcess } from '../test/support/process.ts';
import { temporaryDirectory } from '../test/support/temporary.ts';
import { scriptsOfPage } from './page/weight.ts';
import { type BenchResult, isShort, quantile } from './result.ts';

/**
 * What a browser loads for a meeting, and the time from Join to the first audio of a participant who speaks: the whole
 * program and two Chromium pages on one machine. For comparison, two connections within one page, without signalling or
 * server, with the same microphone.
 */
export const name = 'the meeting page';

const KB = 1_000;

export const run = async (): Promise<readonly BenchResult[]> => {
  const { joinedMs, bareMs } = await measureJoins(isShort() ? 1 : 7);
  const [joined, bare] = [quantile(joinedMs, 0.5), quantile(bareMs, 0.5)];
  return [
    {
      figure: 'JavaScript of the page, compressed',
      value: (await scriptsOfPage()) / KB,
      unit: 'KB',
      goal: { atMost: 200 },
    },
    { figure: `Join to the first audio, p50 of ${joinedMs.length}`, value: joined, unit: 'ms' },
    { figure: 'two connections of one page, p50', value: bare, unit: 'ms' },
    { figure: 'Join over these', value: joined / bare, unit: 'times' },
  ];
};

declare const firstSound: { afterPressing(text: string): Promise<number>; bare(): Promise<number> };

const measureJoins = async (rounds: number) => {
  const { directory, remove } = temporaryDirectory();
  const closers: (() => unknown)[] = [remove];
  try {
    const engine = await startScriptedEngine();
    closers.push(() => engine.close());
    const browser = await browserWithMicrophone('two-voices.wav');
    closers.push(() => browser.close());
    const [port, workspacePort] = [await freePort(), await freePort()];
    const parley = startProcess('src/main.ts', [], {
      DATA_DIR: directory,
      PORT: String(port),
      WORKSPACE_PORT: String(workspacePort),
      LOG_LEVEL: 'warn',
      DEEPGRAM_API_KEY: engine.apiKey,
      DEEPGRAM_URL: engine.url,
    });
    closers.push(() => parley.stop());
    await parley.until(/Parley is ready/);
    const workspace = openWorkspace(`http://127.0.0.1:${workspacePort}`);
    const { channels, people } = await workspace.state();
    const channel = channels.find(({ botIsMember }) => botIsMember)!.id;
    const [ana, ben] = people.filter(({ isBot }) => !isBot).map(({ id }) => id) as [string, string];
    const card = await meet(workspace, { channel, as: ana, title: 'Who speaks first' });
    await joinMeeting(browser, await linkFor(workspace, card, ana));

    const joinedMs: number[] = [];
    const bareMs: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const context = await browser.newContext();
      await context.addInitScript({ path: path.join(import.meta.dirname, 'page/first-sound.js') });
      const page = await context.newPage();
      await page.goto(await linkFor(workspace, card, ben));
      bareMs.push(await page.evaluate(() => firstSound.bare()));
      joinedMs.push(await joinToFirstAudio(page));
      await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
      await context.close();
    }
    return { joinedMs, bareMs };
  } finally {
    for (const close of closers.reverse()) await close();
  }
};

const joinToFirstAudio = async (page: Page): Promise<number> => {
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  const firstAudioMs = page.evaluate(() => firstSound.afterPressing('Join now'));
  await page.getByRole('button', { name: 'Join now' }).click();
  return await firstAudioMs;
};
