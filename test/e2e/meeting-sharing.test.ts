import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { launchBrowser } from '../support/browser.ts';
import { until } from '../support/until.ts';
import { joinMeeting, linkFor, meet, openPage } from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { type Colour, showsColour, tileOf } from './support/pictures.ts';

/** The whole program, and people who share a tab of their browsers: its colour tells which. */
const RED: Colour = [200, 30, 30];
const BLUE: Colour = [30, 60, 200];
const SLIDES = 'Slides of this test';

let sharing: Browser;
let refusing: Browser;
let program: MeetingProgram;
let card: StoredMessage;
let meetings = 0;

beforeAll(async () => {
  [program, sharing, refusing] = await Promise.all([
    startMeetingProgram(),
    launchBrowser({
      flags: ['--use-fake-device-for-media-stream', `--auto-select-tab-capture-source-by-title=${SLIDES}`],
    }),
    // It denies every permission.
    launchBrowser({ flags: ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream=deny'] }),
  ]);
});
afterAll(async () => {
  await Promise.all([sharing?.close(), refusing?.close()]);
  await program?.stop();
});
beforeEach(async () => {
  const { workspace, channel, people } = program;
  meetings += 1;
  card = await meet(workspace, { channel, as: people[0].id, title: `Show me ${meetings}` });
});
afterEach(async () => {
  await Promise.all([sharing, refusing].flatMap((each) => each.contexts()).map((context) => context.close()));
});

const linkOf = (who: 0 | 1 | 2): Promise<string> => linkFor(program.workspace, card, program.people[who].id);
const join = async (who: 0 | 1 | 2): Promise<Page> =>
  joinMeeting(sharing, await linkOf(who), { permissions: ['microphone', 'camera'] });
const nameOf = (who: 0 | 1 | 2): string => program.people[who].name;

/** Opens slides in another tab and shares them. Resolves with that tab: closing it ends the share. */
const share = async (page: Page, [red, green, blue]: Colour): Promise<Page> => {
  const slides = await page.context().newPage();
  await slides.setContent(
    `<title>${SLIDES}</title><body style="background: rgb(${red}, ${green}, ${blue})"><script>
      // A tab that never changes sends no frames.
      setInterval(() => { document.body.textContent = String(performance.now()); }, 100);
    </script>`,
  );
  await page.bringToFront();
  await page.getByRole('button', { name: 'Share screen' }).click();
  await page.getByRole('button', { name: 'Stop sharing' }).waitFor();
  return slides;
};
/** Runs before the page’s scripts: counts the pickers that were cancelled. */
const COUNT_PICKERS = `window.pickersClosed = 0;
  const open = navigator.mediaDevices.getDisplayMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getDisplayMedia = (wanted) => {
    const stream = open(wanted);
    stream.catch(() => { window.pickersClosed += 1; });
    return stream;
  };`;
const isLarge = (page: Page, label: string): Promise<unknown> =>
  page.locator('.stage-large').getByRole('article', { name: label, exact: true }).waitFor();
const gone = (page: Page, label: string): Promise<unknown> =>
  tileOf(page, label).waitFor({ state: 'detached' });

describe('a shared screen', () => {
  it('is large on the others’ pages with its owner’s name, and ends when its owner stops it', async () => {
    const [ana, ben] = [await join(0), await join(1)];
    const screen = `${nameOf(1)}’s screen`;
    // These notices disappear after some seconds, so they are awaited from the beginning.
    const notices = [
      ana
        .getByRole('status')
        .getByText(`${nameOf(1)} is sharing a screen.`)
        .waitFor(),
      ben.getByRole('status').getByText('You’re sharing your screen.').waitFor(),
    ];
    await share(ben, RED);
    await Promise.all(notices);
    await isLarge(ana, screen);
    await tileOf(ana, screen).getByText(screen).waitFor();
    await showsColour(ana, screen, RED);
    // Who shares keeps the others large, and sees the shared screen as a tile.
    await showsColour(ben, 'Your screen', RED);
    expect(await ben.locator('.stage-large').count()).toBe(0);
    // Who joins late sees it as well.
    const late = await join(2);
    await isLarge(late, screen);
    await showsColour(late, screen, RED);

    await ben.getByRole('button', { name: 'Stop sharing' }).click();
    await Promise.all([gone(ana, screen), gone(late, screen), gone(ben, 'Your screen')]);
    await ben.getByRole('button', { name: 'Share screen' }).waitFor();
    expect(await ana.locator('.stage-large').count()).toBe(0);
  });

  it('ends when the browser ends it, and another may follow', async () => {
    const [ana, ben] = [await join(0), await join(1)];
    const screen = `${nameOf(1)}’s screen`;
    const slides = await share(ben, RED);
    await showsColour(ana, screen, RED);
    await slides.close();
    await Promise.all([gone(ana, screen), gone(ben, 'Your screen')]);
    await ben.getByRole('button', { name: 'Share screen' }).waitFor();
    await share(ben, BLUE);
    await showsColour(ana, screen, BLUE);
  });

  it('is replaced by a newer one, and is large again for who pins it', async () => {
    const [ana, ben, yuki] = [await join(0), await join(1), await join(2)];
    const [bens, yukis] = [`${nameOf(1)}’s screen`, `${nameOf(2)}’s screen`];
    await share(ben, RED);
    await showsColour(ana, bens, RED);
    await share(yuki, BLUE);
    await isLarge(ana, yukis);
    await showsColour(ana, yukis, BLUE);
    // Each of the two who share sees the other's.
    await isLarge(ben, yukis);
    await isLarge(yuki, bens);

    await tileOf(ana, bens).hover();
    await ana.getByRole('button', { name: `Pin ${bens}` }).click();
    await isLarge(ana, bens);
    await showsColour(ana, bens, RED);
    await ben.getByRole('button', { name: 'Stop sharing' }).click();
    await isLarge(ana, yukis);
  });

  it('that is cancelled in the picker changes nothing, and shows no error', async () => {
    const ana = await join(0);
    const page = await openPage(refusing, await linkOf(1), { initScript: COUNT_PICKERS });
    await page.getByRole('button', { name: 'Join muted' }).click();
    await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
    await tileOf(ana, nameOf(1)).waitFor();
    for (let time = 1; time <= 2; time += 1) {
      await page.getByRole('button', { name: 'Share screen' }).click();
      await until(async () => (await page.evaluate('window.pickersClosed')) === time);
    }
    await page.getByRole('button', { name: 'Raise hand' }).click();
    await tileOf(ana, nameOf(1)).getByRole('img', { name: 'Hand raised' }).waitFor();
    await page.getByRole('button', { name: 'Share screen' }).waitFor();
    expect(await page.locator('.notice.is-error').count()).toBe(0);
    expect(await tileOf(page, 'Your screen').count()).toBe(0);
  });
});
