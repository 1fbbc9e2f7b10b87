import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import type { Network } from './network.ts';
import { shownText, type Workspace } from './workspace.ts';

/** A browser whose microphone hears this recording (a fixture, or a path of its own), again and again. */
export const browserHearing = (recording: string): Promise<Browser> =>
  launchBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${path.isAbsolute(recording) ? recording : fixture(recording)}`,
    ],
  });

/** Types `/meet` and waits for its card. While the media worker is being gotten, Parley says so: then it is typed again. */
export const meet = (
  workspace: Workspace,
  { channel, as, title }: { channel: string; as: string; title: string },
): Promise<StoredMessage> =>
  until(
    async () => {
      await workspace.command({ channel, as, text: `/meet ${title}` });
      return until(() => cardOf(workspace, channel, title), { timeoutMs: 5_000, what: 'the card' });
    },
    { timeoutMs: 90_000, what: 'the meeting’s card' },
  );

const cardOf = async (
  workspace: Workspace,
  channel: string,
  title: string,
): Promise<StoredMessage | undefined> =>
  (await workspace.messages(channel)).find((message) =>
    message.thread_ts === undefined || message.thread_ts === message.ts
      ? shownText(message).includes(title) && message.ephemeral_to === undefined
      : false,
  );

/** Presses Join on the card, and gives what Slack then shows to this person and to nobody else. */
export const pressJoin = async (
  workspace: Workspace,
  card: StoredMessage,
  as: string,
): Promise<StoredMessage> => {
  const known = new Set((await workspace.messages(card.channel)).map(({ ts }) => ts));
  // Each edit of the card makes its buttons anew.
  await until(async () => {
    const now = (await workspace.messages(card.channel)).find(({ ts }) => ts === card.ts)!;
    await workspace.click({
      as,
      message: { channel: card.channel, ts: card.ts },
      ...elementFor(now, 'join'),
    });
    return true;
  });
  return until(
    async () =>
      (await workspace.messages(card.channel)).find(
        (message) => message.ephemeral_to === as && !known.has(message.ts),
      ),
    { what: `an answer for ${as}` },
  );
};

/** The link that the card's button gives to this person, and to nobody else. */
export const linkFor = async (workspace: Workspace, card: StoredMessage, as: string): Promise<string> => {
  const told = await pressJoin(workspace, card, as);
  const url = /http:\/\/[^\s"|>]+\/meet\/[\w.-]+/.exec(JSON.stringify(told))?.[0];
  if (url === undefined) throw new Error(`no link in ${JSON.stringify(told)}`);
  return url;
};

/** Of somebody who opens a link. */
interface Seat {
  /** What their media and their pages go through; left out, they are where Parley is. */
  readonly network?: Network;
  /** Without it there is no picture, which three browsers on two cores are better off without. */
  readonly camera?: boolean;
  /** What the browser gives the page without asking, where it asks for real. */
  readonly permissions?: readonly string[];
  /** A script that runs before those of the page. */
  readonly first?: string;
}

/** Opens the link in a window of its own. */
export const openPage = async (
  browser: Browser,
  url: string,
  { network, camera = false, permissions, first }: Seat = {},
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  if (permissions !== undefined) await context.grantPermissions([...permissions]);
  await network?.carryMediaOf(context);
  await context.addInitScript(
    `if (!localStorage['parley-meeting']) localStorage['parley-meeting'] = '{"cameraOn":${camera}}';`,
  );
  if (first !== undefined) await context.addInitScript(first);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(network === undefined ? url : await network.through(url));
  return page;
};

/** The same, and in: with consent to captions, and the microphone on. */
export const joinMeeting = async (browser: Browser, url: string, seat?: Seat): Promise<Page> => {
  const page = await openPage(browser, url, seat);
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  return page;
};

/** What one person said on end. */
export interface Said {
  readonly name: string;
  readonly text: string;
}

/** Everything in the side panel of a page, which is opened if it is not open. */
export const transcriptOf = async (page: Page): Promise<Said[]> => {
  const said = page.getByRole('region', { name: 'Transcript' });
  if ((await said.count()) === 0) await page.getByRole('button', { name: 'Transcript', exact: true }).click();
  await said.waitFor();
  return page.evaluate(
    `[...document.querySelectorAll('[aria-label="Transcript"] article')].map((one) => ({
      name: one.querySelector('strong').textContent,
      text: [...one.querySelectorAll('p')].map((line) => line.textContent).join(' '),
    }))`,
  );
};

/** What messages tell of who said what, in their text. */
export const saidIn = (messages: readonly StoredMessage[]): Said[] =>
  messages
    .flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => {
      const [, name, text] = /^(.+?) \([\d:]+\): (.*)$/.exec(line) ?? [];
      return name === undefined || text === undefined ? [] : [{ name, text }];
    });

/** The captions in the thread below the card. */
export const captionsIn = async (workspace: Workspace, card: StoredMessage): Promise<Said[]> =>
  saidIn((await workspace.thread(card.channel, card.ts)).filter(({ ts }) => ts !== card.ts));

/** All that somebody said, in order. */
export const wordsOf = (said: readonly Said[], name: string): string =>
  said
    .filter((one) => one.name === name)
    .map(({ text }) => text)
    .join(' ');
