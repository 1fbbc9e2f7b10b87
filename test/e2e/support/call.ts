import type { Browser, Page } from 'playwright-core';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { until } from '../../support/until.ts';
import { elementFor } from './click.ts';
import { linkFor, openPage } from './meeting.ts';
import { shownText, type Workspace } from './workspace.ts';

/** Who calls whom, and from what. */
export interface Wish {
  readonly channel: string;
  /** The caller. */
  readonly as: string;
  readonly to: string;
  /** Names the call: no two in one channel may have the same. */
  readonly about: string;
  readonly from?: 'browser' | 'own phone';
}

/** Types `/call`, confirms, and waits for its card. While the media worker is being gotten, Parley says so: then it is typed again. */
export const call = async (workspace: Workspace, wish: Wish): Promise<StoredMessage> => {
  await confirm(workspace, wish, await planFor(workspace, wish));
  return until(() => cardAbout(workspace, wish), { timeoutMs: 60_000, what: `the card of ${wish.about}` });
};

/** What the command shows to the caller alone, before anything rings. */
export const planFor = (workspace: Workspace, { channel, as, to, about }: Wish): Promise<StoredMessage> =>
  until(
    async () => {
      const known = new Set((await workspace.messages(channel)).map(({ ts }) => ts));
      await workspace.command({ channel, as, text: `/call ${to} about ${about}` });
      return until(
        async () =>
          (await workspace.messages(channel)).find(
            (message) =>
              message.ephemeral_to === as && !known.has(message.ts) && shownText(message).includes(about),
          ),
        { timeoutMs: 5_000, what: 'the confirmation' },
      );
    },
    { timeoutMs: 120_000, what: `what “/call ${to}” shows` },
  );

/** Presses the button under a plan. */
export const confirm = (
  workspace: Workspace,
  { channel, as, from = 'browser' }: Pick<Wish, 'channel' | 'as' | 'from'>,
  plan: StoredMessage,
): Promise<unknown> =>
  workspace.click({
    as,
    message: { channel, ts: plan.ts },
    ...elementFor(plan, from === 'browser' ? 'place_call' : 'place_call_from_own_phone'),
  });

const cardAbout = async (
  workspace: Workspace,
  { channel, about }: Pick<Wish, 'channel' | 'about'>,
): Promise<StoredMessage | undefined> =>
  (await workspace.messages(channel)).find(
    (message) =>
      (message.thread_ts === undefined || message.thread_ts === message.ts) &&
      message.ephemeral_to === undefined &&
      message.text.startsWith(`${about}:`),
  );

/** The card once it says this. */
export const cardSaying = (
  workspace: Workspace,
  card: StoredMessage,
  part: string | RegExp,
  timeoutMs = 60_000,
): Promise<StoredMessage> =>
  until(
    async () => {
      const now = (await workspace.messages(card.channel)).find(({ ts }) => ts === card.ts);
      const text = now === undefined ? '' : shownText(now);
      if (now !== undefined && (typeof part === 'string' ? text.includes(part) : part.test(text))) return now;
      throw new Error(`the card says: ${text}`);
    },
    { timeoutMs, what: `a card that says ${part}` },
  );

/** Presses Hang up on the card. */
export const hangUp = (workspace: Workspace, card: StoredMessage, as: string): Promise<unknown> =>
  until(
    async () => {
      const now = (await workspace.messages(card.channel)).find(({ ts }) => ts === card.ts)!;
      await workspace.click({
        as,
        message: { channel: card.channel, ts: card.ts },
        ...elementFor(now, 'hang_up'),
      });
      return true;
    },
    { what: 'the button to hang up' },
  );

/** Into the call's page without a word: neither consent nor microphone yet. */
export const enterSilently = async (
  browser: Browser,
  workspace: Workspace,
  card: StoredMessage,
  as: string,
): Promise<Page> => {
  const page = await openPage(browser, await linkFor(workspace, card, as));
  await page.getByRole('button', { name: 'Join muted' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  return page;
};

/** Agrees and speaks: only now is the microphone opened, and its tape begins. */
export const speak = async (page: Page): Promise<void> => {
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Agree and unmute' }).click();
  await page.getByRole('button', { name: 'Mute', exact: true }).waitFor();
};

/** What was posted in a thread besides the card, for everybody to see. */
export const answersIn = async (workspace: Workspace, card: StoredMessage): Promise<StoredMessage[]> =>
  (await workspace.thread(card.channel, card.ts)).filter(
    ({ ts, ephemeral_to }) => ts !== card.ts && ephemeral_to === undefined,
  );
