import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import type { Network } from './network.ts';
import { shownText, type Workspace } from './workspace.ts';

/** A browser whose microphone plays this recording (a fixture or an absolute path) in a loop. */
export const browserWithMicrophone = (recording: string): Promise<Browser> =>
  launchBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${path.isAbsolute(recording) ? recording : fixture(recording)}`,
    ],
  });

/** Types `/parley meet` and waits for the card. Typed again while Parley still obtains its media worker. */
export const meet = (
  workspace: Workspace,
  { channel, as, title }: { channel: string; as: string; title: string },
): Promise<StoredMessage> =>
  until(
    async () => {
      await workspace.command({ channel, as, text: `/parley meet ${title}` });
      return until(() => cardOf(workspace, channel, title), { timeoutMs: 5_000, what: 'the card' });
    },
    { timeoutMs: 150_000, what: 'the meeting’s card' },
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

/** Clicks Join on the card. Resolves with the ephemeral message for this person. */
export const pressJoin = async (
  workspace: Workspace,
  card: StoredMessage,
  as: string,
): Promise<StoredMessage> => {
  const known = new Set((await workspace.messages(card.channel)).map(({ ts }) => ts));
  // Each edit of the card replaces its buttons.
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
    { what: `an ephemeral message for ${as}` },
  );
};

/** The personal link that Join gives to this person. */
export const linkFor = async (workspace: Workspace, card: StoredMessage, as: string): Promise<string> => {
  const message = await pressJoin(workspace, card, as);
  const url = /http:\/\/[^\s"|>]+\/meet\/[\w.-]+/.exec(JSON.stringify(message))?.[0];
  if (url === undefined) throw new Error(`no link in ${JSON.stringify(message)}`);
  return url;
};

interface PageOptions {
  /** Proxies the page and its media. */
  readonly network?: Network;
  /** Default false: video takes processor time that tests of audio need. */
  readonly camera?: boolean;
  /** Permissions granted to the page, for a browser that asks. */
  readonly permissions?: readonly string[];
  /** Runs before the page’s scripts. */
  readonly initScript?: string;
}

/** Opens the link in a browser context of its own. */
export const openPage = async (
  browser: Browser,
  url: string,
  { network, camera = false, permissions, initScript: first }: PageOptions = {},
): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  if (permissions !== undefined) await context.grantPermissions([...permissions]);
  await network?.routeMediaOf(context);
  await context.addInitScript(
    `if (!localStorage['parley-meeting']) localStorage['parley-meeting'] = '{"cameraOn":${camera}}';`,
  );
  if (first !== undefined) await context.addInitScript(first);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(network === undefined ? url : await network.through(url));
  return page;
};

const LEAVE = /^(Leave|Hang up)$/;

/** Opens the link and joins, with consent to captions and the microphone on. */
export const joinMeeting = async (browser: Browser, url: string, options?: PageOptions): Promise<Page> => {
  const page = await openPage(browser, url, options);
  await page.getByRole('checkbox', { name: 'I agree' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: LEAVE }).waitFor();
  return page;
};

/** Opens the link and joins muted: no consent and no microphone yet. */
export const joinMuted = async (browser: Browser, url: string, options?: PageOptions): Promise<Page> => {
  const page = await openPage(browser, url, options);
  await page.getByRole('button', { name: 'Join muted' }).click();
  await page.getByRole('button', { name: LEAVE }).waitFor();
  return page;
};

/** Consents and unmutes: the microphone is opened only now, and its recording starts. */
export const agreeAndUnmute = async (page: Page): Promise<void> => {
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Agree and unmute' }).click();
  await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
};

/** Ends the meeting or call as its host. */
export const endForEveryone = async (page: Page): Promise<void> => {
  const leave = page.getByRole('button', { name: LEAVE });
  // A call that no one else could continue ends at once.
  const isAsked = (await leave.getAttribute('aria-haspopup')) === 'dialog';
  await leave.click();
  if (isAsked) await page.getByRole('button', { name: /^(End|Hang up) for everyone$/ }).click();
};

/** Consecutive captions of one speaker. */
export interface SpokenParagraph {
  readonly name: string;
  readonly text: string;
}

/** The transcript in the page’s side panel, which is opened first if needed. */
export const transcriptOf = async (page: Page): Promise<SpokenParagraph[]> => {
  const panel = page.getByRole('region', { name: 'Transcript' });
  if ((await panel.count()) === 0)
    await page.getByRole('button', { name: 'Transcript', exact: true }).click();
  await panel.waitFor();
  return page.evaluate(
    `[...document.querySelectorAll('[aria-label="Transcript"] article')].map((one) => ({
      name: one.querySelector('strong').textContent,
      text: [...one.querySelectorAll('p')].map((line) => line.textContent).join(' '),
    }))`,
  );
};

/** The paragraphs in the text of messages: `Name (0:12): words`. */
export const paragraphsIn = (messages: readonly StoredMessage[]): SpokenParagraph[] =>
  messages
    .flatMap(({ text }) => text.split('\n'))
    .flatMap((line) => {
      const [, name, text] = /^(.+?) \([\d:]+\): (.*)$/.exec(line) ?? [];
      return name === undefined || text === undefined ? [] : [{ name, text }];
    });

/** The captions in the thread below the card. */
export const captionsIn = async (workspace: Workspace, card: StoredMessage): Promise<SpokenParagraph[]> =>
  paragraphsIn((await workspace.thread(card.channel, card.ts)).filter(({ ts }) => ts !== card.ts));

/** All words of one speaker, in order. */
export const textOfSpeaker = (said: readonly SpokenParagraph[], name: string): string =>
  said
    .filter((one) => one.name === name)
    .map(({ text }) => text)
    .join(' ');
