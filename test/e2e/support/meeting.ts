import type { Browser, Page } from 'playwright-core';
import type { StoredMessage } from '../../../sandbox/control.ts';
import { launchBrowser } from '../../support/browser.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import { shownText, type Workspace } from './workspace.ts';

/** A browser whose microphone hears this recording, again and again. */
export const browserHearing = (recording: string): Promise<Browser> =>
  launchBrowser({
    flags: [
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      `--use-file-for-fake-audio-capture=${fixture(recording)}`,
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

/** The link that the card's button gives to this person, and to nobody else. */
export const linkFor = async (workspace: Workspace, card: StoredMessage, as: string): Promise<string> => {
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
  const told = await until(
    async () =>
      (await workspace.messages(card.channel)).find(
        (message) => message.ephemeral_to === as && !known.has(message.ts),
      ),
    { what: `a link for ${as}` },
  );
  const url = /http:\/\/[^\s"|>]+\/meet\/[\w.-]+/.exec(JSON.stringify(told))?.[0];
  if (url === undefined) throw new Error(`no link in ${JSON.stringify(told)}`);
  return url;
};

/** Opens the link in a window of its own. */
export const openPage = async (browser: Browser, url: string): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(url);
  return page;
};

/** The same, and in: with consent to captions, and the microphone on. */
export const joinMeeting = async (browser: Browser, url: string): Promise<Page> => {
  const page = await openPage(browser, url);
  await page.getByRole('checkbox', { name: 'What I say may be captioned' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Leave' }).waitFor();
  return page;
};

/** What stands in the thread below the card, each message as text. */
export const threadTexts = async (workspace: Workspace, card: StoredMessage): Promise<string[]> =>
  (await workspace.thread(card.channel, card.ts)).filter(({ ts }) => ts !== card.ts).map(shownText);
