/**
 * `node scripts/run.cjs scripts/pictures.ts`: takes the pictures of README from the running product, so that they stay
 * true: the whole program in a local workspace, real browsers, the local speech engine.
 */
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { call } from '../test/e2e/support/call.ts';
import { startLocalParley } from '../test/e2e/support/local.ts';
import { browserWithMicrophone, joinMeeting, linkFor, meet } from '../test/e2e/support/meeting.ts';
import { launchBrowser } from '../test/support/browser.ts';
import { until } from '../test/support/until.ts';

const root = path.join(import.meta.dirname, '..');
const picture = (name: string): string => path.join(root, 'docs/images', `${name}.png`);

const parley = await startLocalParley();
const { workspace } = parley;
const { people, channels } = await workspace.state();
const [ana, ben] = people.filter(({ isBot }) => !isBot);
const channel = channels.find(({ name }) => name === 'general')!.id;
const browsers: Browser[] = [];
const started = async (opening: Promise<Browser>): Promise<Browser> => {
  const browser = await opening;
  browsers.push(browser);
  return browser;
};

const openWorkspacePage = async (size: { width: number; height: number }): Promise<Page> => {
  const browser = await started(launchBrowser());
  const page = await browser.newPage({ viewport: size, deviceScaleFactor: 2 });
  await page.goto(workspace.url);
  return page;
};

/** A result: the thread of the sample recording. */
const takeResult = async (): Promise<void> => {
  const file = await workspace.upload(path.join(root, 'sandbox/samples/weekly-stand-up.mp3'), ana!.id);
  const message = await workspace.post({ channel, as: ana!.id, text: '', files: [file.id] });
  await workspace.results(channel, message.ts);
  const page = await openWorkspacePage({ width: 1200, height: 860 });
  await page
    .getByRole('button', { name: /1 reply/ })
    .first()
    .click();
  const thread = page.getByRole('complementary', { name: 'Thread' });
  await thread.getByRole('img', { name: /pie chart/i }).waitFor();
  await thread.screenshot({ path: picture('result') });
};

/** A meeting of two people with captions. */
const takeMeeting = async (): Promise<void> => {
  const card = await meet(workspace, { channel, as: ana!.id, title: 'Lantern launch' });
  const [anas, bens] = await Promise.all([
    started(browserWithMicrophone('two-voices.wav')),
    started(browserWithMicrophone('three-voices.wav')),
  ]);
  const page = await joinMeeting(anas, await linkFor(workspace, card, ana!.id));
  await joinMeeting(bens, await linkFor(workspace, card, ben!.id));
  await page.setViewportSize({ width: 1200, height: 760 });
  await page.getByRole('button', { name: 'Transcript', exact: true }).click();
  await until(async () => (await page.getByRole('article').count()) > 4, {
    timeoutMs: 120_000,
    what: 'captions of both',
  });
  await page.screenshot({ path: picture('meeting') });
  await anas.close();
  await bens.close();
};

/** A call to the demo repair shop, on the caller's page. */
const takeCall = async (): Promise<void> => {
  const card = await call(workspace, { channel, as: ana!.id, to: '+442079460104', topic: 'the bicycle' });
  const browser = await started(browserWithMicrophone('two-voices.wav'));
  const page = await joinMeeting(browser, await linkFor(workspace, card, ana!.id));
  await page.setViewportSize({ width: 1200, height: 760 });
  await page.getByRole('button', { name: 'Transcript', exact: true }).click();
  await until(async () => (await page.getByRole('article').count()) > 4, {
    timeoutMs: 120_000,
    what: 'captions of both sides',
  });
  await page.screenshot({ path: picture('call') });
};

try {
  await takeResult();
  await takeMeeting();
  await takeCall();
} finally {
  await Promise.all(browsers.map((browser) => browser.close()));
  await parley.stop();
}
