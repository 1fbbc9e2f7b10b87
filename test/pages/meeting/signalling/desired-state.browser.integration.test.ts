import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Participant } from '../../../../src/media/signalling/participant.ts';
import type { Workers } from '../../../../src/media/workers.ts';
import { createNetwork } from '../../../e2e/support/network.ts';
import { startWorkers } from '../../../media/support.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { until } from '../../../support/until.ts';
import { startMeetingServer } from '../support/meeting-server.ts';

/** Two browsers with real signalling and media, over channels that are lost. */
let workers: Workers;
let browser: Browser;
let server: Awaited<ReturnType<typeof startMeetingServer>>;

beforeAll(async () => {
  [workers, browser] = await Promise.all([
    startWorkers(1),
    launchBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'] }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  workers?.close();
});
beforeEach(async () => {
  server = await startMeetingServer({
    workers,
    guests: { maya: { name: 'Maya', host: true }, ben: { name: 'Ben' } },
  });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await server.close();
});

const join = async (url: string, { consent = true } = {}): Promise<Page> => {
  const context = await browser.newContext({ viewport: { width: 1000, height: 700 } });
  await context.addInitScript(`localStorage['parley-meeting'] = '{"cameraOn":false}';`);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  await page.goto(url);
  if (consent) await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  await page.getByRole('button', { name: /^Join/ }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  return page;
};
const participantOf = (name: string): Participant => {
  const found = [...server.meeting.roster.participants.values()].find(({ person }) => person.name === name);
  if (found === undefined) throw new Error(`${name} is not here`);
  return found;
};
const tile = (page: Page, name: string) => page.getByRole('article', { name, exact: true });
const handOf = (page: Page, name: string) => tile(page, name).getByRole('img', { name: 'Hand raised' });
const bannerOn = (page: Page) => page.getByRole('status').getByText('Reconnecting…');
/** Cuts a person's channel, runs `work`, and lets them reconnect. */
const whileLost = async (page: Page, work: () => Promise<unknown>, who = 'ben'): Promise<void> => {
  const release = server.block(who);
  await bannerOn(page).waitFor();
  await work();
  release();
  await bannerOn(page).waitFor({ state: 'detached' });
};

describe('while the channel is lost', () => {
  it('hand and captions change at once on the page, and for others after the reconnect', async () => {
    const maya = await join(server.urlOf('maya'));
    const ben = await join(server.urlOf('ben'));
    await whileLost(ben, async () => {
      await ben.getByRole('button', { name: 'Raise hand' }).click();
      await ben.getByRole('button', { name: 'Lower hand' }).click();
      await ben.keyboard.press('h');
      await handOf(ben, 'Ben (you)').waitFor();
      await ben.getByRole('button', { name: 'Hide captions' }).click();
      expect(participantOf('Ben').handRaised).toBe(false);
    });
    await handOf(maya, 'Ben').waitFor();
    await until(() => participantOf('Ben').handRaised && !participantOf('Ben').captionsWanted);
    await ben.getByRole('button', { name: 'Show captions' }).waitFor();

    await whileLost(ben, async () => {
      await ben.getByRole('button', { name: 'Lower hand' }).click();
      await ben.getByRole('button', { name: 'Show captions' }).click();
      server.sendCaption({ partyIndex: server.partyOf('Maya'), id: 'm1', text: 'Said while Ben was away.' });
    });
    await handOf(maya, 'Ben').waitFor({ state: 'detached' });
    await until(() => participantOf('Ben').captionsWanted);
    await ben.getByRole('button', { name: 'Transcript', exact: true }).click();
    await ben.getByRole('region', { name: 'Transcript' }).getByText('Said while Ben was away.').waitFor();
    await ben.getByRole('button', { name: 'Raise hand' }).waitFor();
  });

  it('a hand that was raised over a dead connection is raised again on the next one', async () => {
    const network = createNetwork();
    const maya = await join(server.urlOf('maya'));
    const ben = await join(await network.through(server.urlOf('ben')));
    await tile(maya, 'Ben').waitFor();
    network.cut();
    await ben.keyboard.press('h');
    await bannerOn(ben).waitFor();
    // What was sent is lost with its connection, not only late.
    network.breakConnections();
    network.restore();
    await handOf(maya, 'Ben').waitFor();
    await handOf(ben, 'Ben (you)').waitFor();
    await network.close();
  });

  it('consent and unmuting take effect after the reconnect', async () => {
    const maya = await join(server.urlOf('maya'));
    const ben = await join(server.urlOf('ben'), { consent: false });
    await whileLost(ben, async () => {
      await ben.keyboard.press('m');
      await ben.getByRole('button', { name: 'Agree and unmute' }).click();
      await ben.getByRole('dialog').waitFor({ state: 'detached' });
      await ben.getByRole('button', { name: 'Mute', exact: true }).waitFor();
      expect(participantOf('Ben').consented).toBe(false);
    });
    await tile(maya, 'Ben').getByRole('img', { name: 'No microphone' }).waitFor({ state: 'detached' });
    await until(() => (server.audioPackets.get(server.partyOf('Ben')) ?? 0) > 20, { what: 'Ben’s packets' });
  });

  it('a host’s actions on others are refused and not done later', async () => {
    const maya = await join(server.urlOf('maya'));
    const ben = await join(server.urlOf('ben'));
    await maya.getByRole('button', { name: 'People', exact: true }).click();
    // The button is enabled once Ben's microphone is known to be on.
    const mute = maya.getByRole('button', { name: 'Mute Ben' });
    await mute.waitFor();
    const forAll = maya.getByRole('checkbox', { name: 'Captions for everyone' });
    const refusal = maya.getByText('You’re not connected right now. Try again once you’re back.');
    await whileLost(
      maya,
      async () => {
        await mute.click();
        await refusal.waitFor();
        await maya.getByRole('button', { name: 'Dismiss' }).click();
        await forAll.click();
        await refusal.waitFor();
        await until(() => forAll.isChecked());
      },
      'maya',
    );
    await mute.click();
    await ben.getByRole('status').getByText('Maya muted you.').waitFor();
    expect(server.meeting.captions.on).toBe(true);
    // An info appears beside the error that is not dismissed yet, and is read aloud without it.
    const notices = maya.getByRole('status').filter({ has: refusal });
    const info = notices.getByText('Ben raised a hand.').waitFor();
    await ben.getByRole('button', { name: 'Raise hand' }).click();
    await info;
    expect(await notices.getAttribute('aria-atomic')).toBe('false');
    await maya.getByRole('button', { name: 'Dismiss' }).click();
    await refusal.waitFor({ state: 'detached' });
  });
});
