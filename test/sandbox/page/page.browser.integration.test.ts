import type { App } from '@slack/bolt';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildWorkspacePage } from '../../../sandbox/page/build.ts';
import { type SlackSimulator, startSlack } from '../../../sandbox/slack/server.ts';
import { faultsOf } from '../../support/accessibility.ts';
import { launchBrowser } from '../../support/browser.ts';
import { freePort } from '../../support/free-port.ts';
import { createEchoApp } from './echo-app.ts';

/** The built page in a real browser, on the simulated Slack, with an app on the real SDK. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const workspaceOptions = {
  dataDir: null,
  botToken: 'xoxb-page',
  appToken: 'xapp-page',
  signingSecret: 'secret',
  providers: [{ name: 'Deepgram', simulated: true, how: 'DEEPGRAM_API_KEY' }],
  log: silent,
};

/** One red pixel. */
const DOT_PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);

let browser: Browser;
let slack: SlackSimulator;
let app: App;
let page: Page;
const problems: string[] = [];
const submitted: unknown[] = [];
const acted: unknown[] = [];

beforeAll(async () => {
  [browser, slack] = await Promise.all([
    launchBrowser(),
    buildWorkspacePage({ log: silent }).then((pageDir) => startSlack({ ...workspaceOptions, pageDir })),
  ]);
  app = createEchoApp({
    slackApiUrl: slack.apiUrl,
    onSubmit: (values) => submitted.push(values),
    onAction: (action) => acted.push(action),
  });
  await app.start();
});

afterAll(async () => {
  await app?.stop();
  await browser?.close();
  await slack?.close();
});

beforeEach(async () => {
  problems.length = 0;
  page = await openPage();
});

afterEach(async () => {
  await page?.context().close();
  expect(problems).toEqual([]);
});

async function openPage(options: Parameters<Browser['newPage']>[0] = {}, url = slack.url): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const opened = await context.newPage();
  opened.setDefaultTimeout(120_000);
  opened.on('pageerror', (error) => problems.push(error.message));
  await opened.goto(url);
  await opened.getByRole('heading', { name: 'general', exact: true }).waitFor();
  return opened;
}

const channel = () => page.getByRole('main');
const thread = () => page.getByRole('complementary', { name: 'Thread' });
const post = async (text: string) => {
  await page.getByRole('textbox', { name: 'Message #general' }).fill(text);
  await page.keyboard.press('Enter');
};

describe('the workspace’s page', () => {
  it('posts a formatted message, and opens the thread with the app’s reply', async () => {
    await post('Hello *everyone* <b> :large_blue_square:');
    const mine = channel().getByRole('article').filter({ hasText: 'Hello everyone <b>' });
    await mine.getByRole('img', { name: 'large blue square' }).waitFor();
    await thread().getByText('0 files').waitFor();
    await mine.getByRole('button', { name: /1 reply/ }).waitFor();
    await thread().getByRole('button', { name: 'Close the thread' }).click();
    await thread().waitFor({ state: 'detached' });
    await mine.getByRole('button', { name: /1 reply/ }).click();
    await thread().getByText('0 files').waitFor();
  });

  it('takes a file dropped on the window, shows it as a chip and posts it with a player', async () => {
    await dropFile(page, 'meeting notes.wav', 'audio/wav', 4000);
    const chip = channel().getByRole('listitem').filter({ hasText: 'meeting notes.wav' });
    await chip.getByText('4.0 KB').waitFor();
    await page.getByRole('button', { name: 'Send' }).first().click();
    const player = channel().getByLabel('Listen to meeting notes.wav');
    await player.waitFor();
    expect(await player.getAttribute('src')).toMatch(
      /^\/control\/files\/F\w+\/meeting%20notes\.wav\?as=U\w+$/,
    );
    await chip.waitFor({ state: 'detached' });
    await thread().getByText('1 files meeting notes.wav').waitFor();
  });

  it('sends a message whose file is still being uploaded once it is', async () => {
    const uploads = /\/control\/files\?name=/;
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    await page.route(uploads, async (route) => {
      await held;
      await route.continue();
    });
    await dropFile(page, 'slow.wav', 'audio/wav', 4000);
    await channel().getByRole('listitem').filter({ hasText: 'slow.wav' }).waitFor();
    await post('with a slow file');
    await page.getByText('Will be sent once the files are uploaded.').waitFor();
    release();
    await channel().getByLabel('Listen to slow.wav').waitFor();
    await channel().getByText('with a slow file').waitFor();
    await page.unroute(uploads);
  });

  it('shows a long result from its beginning', async () => {
    await post('something long');
    const answer = thread().getByRole('article', { name: /^Parley/ });
    await answer.getByText('Line 80.').waitFor();
    // Just below the heading of the thread.
    await expect.poll(async () => Math.abs(((await answer.boundingBox())?.y ?? 0) - 77)).toBeLessThan(23);
  });

  it('draws rich text, markdown, tables and pictures', async () => {
    const choosing = page.waitForEvent('filechooser');
    await channel().getByRole('button', { name: 'Add files' }).click();
    await (await choosing).setFiles([{ name: 'dot.png', mimeType: 'image/png', buffer: DOT_PNG }]);
    await channel().getByRole('listitem').filter({ hasText: 'dot.png' }).getByText(/ B$/).waitFor();
    // Whether the file is uploaded by now or not.
    await post('showcase');
    const answer = thread().getByRole('article', { name: /^Parley/ });
    await answer.getByText('Bold words').waitFor();
    const weights = await page.evaluate<string[]>(
      `[...document.querySelectorAll('.thread span')].filter((span) => span.textContent === 'Bold words')
        .map((span) => getComputedStyle(span).fontWeight)`,
    );
    expect(weights.length).toBeGreaterThan(0);
    expect(Number(weights.at(-1))).toBeGreaterThanOrEqual(600);
    await answer.getByText('at 10:30:45 <b>').waitFor();
    const link = answer.getByRole('link', { name: 'the plan' });
    expect(await link.getAttribute('href')).toBe('https://example.com/plan');
    expect(await link.getAttribute('rel')).toBe('noreferrer noopener');
    await answer.getByRole('img', { name: 'large blue square' }).waitFor();
    await answer.getByText('@Ana Brandão').waitFor();
    await answer.getByRole('button', { name: '#general' }).waitFor();
    await answer.getByRole('listitem').filter({ hasText: 'first item' }).waitFor();
    await answer.getByRole('blockquote').filter({ hasText: 'a quotation' }).waitFor();
    await answer.locator('pre').filter({ hasText: 'let a = 1;' }).waitFor();
    await answer.getByRole('heading', { name: 'A title' }).waitFor();
    expect(await answer.getByRole('checkbox').isChecked()).toBe(true);
    await answer.getByRole('cell', { name: 'Body' }).waitFor();
    await answer.getByRole('columnheader', { name: 'Speaker' }).waitFor();
    await answer.getByRole('cell', { name: 'Maya' }).waitFor();
    await answer.getByRole('img', { name: 'The posted picture' }).waitFor();
    await expect
      .poll(() => page.evaluate<number>(`document.querySelector('.thread .blocks img').naturalWidth`))
      .toBe(1);
  });

  it('adds a file dropped on the thread to the reply', async () => {
    await post('a thread');
    await thread().getByText('0 files').waitFor();
    await dropFile(page, 'reply.txt', 'text/plain', 10, { at: 'aside', says: 'Drop to add to your reply' });
    await thread().getByRole('listitem').filter({ hasText: 'reply.txt' }).waitFor();
    expect(await channel().getByRole('listitem').filter({ hasText: 'reply.txt' }).count()).toBe(0);
  });

  it('takes a picked file, and removes it before it is posted', async () => {
    const choosing = page.waitForEvent('filechooser');
    await channel().getByRole('button', { name: 'Add files' }).click();
    const chooser = await choosing;
    await chooser.setFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('words') }]);
    await channel().getByRole('button', { name: 'Remove a.txt' }).click();
    await channel().getByRole('listitem').filter({ hasText: 'a.txt' }).waitFor({ state: 'detached' });
    expect(await page.getByRole('button', { name: 'Send' }).first().isDisabled()).toBe(true);
  });

  it('opens the app’s modal, shows required and rejected fields, and submits the values', async () => {
    await post('name them');
    await thread().getByRole('button', { name: 'Name speakers' }).click();
    const modal = page.getByRole('dialog', { name: 'Name speakers' });
    await modal.getByRole('button', { name: 'Save' }).click();
    await modal.getByText('Complete this required field.').waitFor();
    const field = modal.getByRole('textbox', { name: 'Speaker 1' });
    await field.fill('taken');
    await page.keyboard.press('Enter');
    await modal.getByText('That name is taken.').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    await modal.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('combobox', { name: 'Search options' }).fill('ben');
    await page.keyboard.press('Enter');
    await field.fill('Maya');
    await modal.getByRole('button', { name: 'Save' }).click();
    await modal.waitFor({ state: 'detached' });
    expect(submitted.at(-1)).toMatchObject({
      speaker: { name: { type: 'plain_text_input', value: 'Maya' } },
      member: { who: { type: 'users_select', selected_user: expect.stringMatching(/^U/) } },
    });
  });

  it('closes a modal on Escape, and returns the focus to the button that opened it', async () => {
    await post('once more');
    const button = thread().getByRole('button', { name: 'Name speakers' });
    await button.click();
    const modal = page.getByRole('dialog', { name: 'Name speakers' });
    await modal.waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator(':focus').textContent()).toBe('Name speakers');
    // A menu inside a modal closes first, and alone.
    await button.click();
    await modal.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('combobox', { name: 'Search options' }).press('Escape');
    await page.getByRole('listbox', { name: 'Options' }).waitFor({ state: 'detached' });
    expect(await modal.count()).toBe(1);
    await modal.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('listbox', { name: 'Options' }).waitFor();
    await modal.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('listbox', { name: 'Options' }).waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    // Escape closed the topmost element only.
    expect(await thread().count()).toBe(1);
  });

  it('sends a choice from a menu as Slack would', async () => {
    await post('export it');
    await thread().getByRole('button', { name: 'Download as' }).click();
    await page.getByRole('option', { name: 'CSV' }).click();
    await expect
      .poll(() => acted.at(-1))
      .toMatchObject({ action_id: 'export', block_id: 'row', selected_option: { value: 'csv' } });
  });

  it('completes slash commands by keyboard', async () => {
    const composer = page.getByRole('textbox', { name: 'Message #general' });
    await composer.pressSequentially('/par');
    await page.getByRole('option', { name: /^\/parley/ }).waitFor();
    await page.keyboard.press('Tab');
    await expect.poll(() => composer.inputValue()).toBe('/parley ');
  });

  it('runs a shortcut from the list under the slash, and leaves nothing typed', async () => {
    const composer = page.getByRole('textbox', { name: 'Message #general' });
    await composer.pressSequentially('/meeti');
    await page.getByRole('option', { name: /^Start a meeting/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Start a meeting' }).waitFor();
    await expect.poll(() => composer.inputValue()).toBe('');
  });

  it('switches the person, and shows both what each has written', async () => {
    await page.getByRole('button', { name: /^You are Ana/ }).click();
    await page.getByRole('menuitemradio', { name: /Ben/ }).click();
    await page.getByRole('button', { name: /^You are Ben/ }).waitFor();
    await post('Ben was here');
    const other = await openPage({ colorScheme: 'dark' });
    await other.getByRole('article', { name: /^Ben/ }).filter({ hasText: 'Ben was here' }).waitFor();
    await other.context().close();
  });

  it('fits a narrow screen, without horizontal scrolling and with the channels behind a button', async () => {
    const narrow = await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
    expect(await narrow.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(360);
    expect(await narrow.getByRole('button', { name: 'random' }).isVisible()).toBe(false);
    await narrow.getByRole('button', { name: 'Show channels' }).click();
    await narrow.getByRole('button', { name: 'random' }).click();
    await narrow.getByRole('heading', { name: 'random', exact: true }).waitFor();
    await narrow.context().close();
  });

  it('shows while the app is disconnected', async () => {
    await app.stop();
    await page.getByText('Parley is disconnected.').waitFor();
    await app.start();
    await page.getByText('Parley is disconnected.').waitFor({ state: 'hidden' });
  });

  it('reconnects to a workspace that was restarted', async () => {
    const options = {
      ...workspaceOptions,
      pageDir: await buildWorkspacePage({ log: silent }),
      port: await freePort(),
    };
    const first = await startSlack(options);
    const visitor = await openPage({}, first.url);
    await first.close();
    await visitor.getByText('The workspace isn’t responding.').waitFor();
    const second = await startSlack(options);
    await visitor.getByText('The workspace isn’t responding.').waitFor({ state: 'hidden' });
    await visitor.getByRole('textbox', { name: 'Message #general' }).fill('Still here');
    await visitor.keyboard.press('Enter');
    await visitor.getByRole('article').getByText('Still here').waitFor();
    await visitor.context().close();
    await second.close();
  });

  it('has no accessibility violations in a thread, its menus, a modal, a list of people and the dialogs', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.getByRole('button', { name: /^You are/ }).click();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('menuitemradio', { name: 'Ben Whitfield' }).click();
    await post('See <https://example.com|the plan> with `code`');
    await thread().getByText('0 files').waitFor();
    await page.getByRole('textbox', { name: 'Message #general' }).fill('@');
    await page.getByRole('listbox').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await page.getByRole('textbox', { name: 'Message #general' }).fill('');

    await thread().getByRole('button', { name: 'Name speakers' }).click();
    const modal = page.getByRole('dialog', { name: 'Name speakers' });
    await modal.getByRole('button', { name: 'Member' }).click();
    await page.getByRole('option', { name: 'Ben' }).click();
    expect(await faultsOf(page)).toEqual([]);
    // The selection is part of the field's accessible name.
    await modal.getByRole('button', { name: 'Member (optional) Ben Whitfield', exact: true }).waitFor();
    await page.keyboard.press('Escape');
    await modal.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: /^Failure modes/ }).click();
    await page.getByRole('dialog', { name: 'Failure modes' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  it('shows that a failure mode is on, and turns it off', async () => {
    await page.getByRole('button', { name: /^Failure modes/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Failure modes' });
    await dialog.getByRole('switch', { name: /^rate-limit-posts/ }).click();
    await page.getByText('1 failure mode is on.').waitFor();
    await dialog.getByRole('button', { name: 'Turn all off' }).click();
    await page.getByText('1 failure mode is on.').waitFor({ state: 'hidden' });
  });
});

/** Drops a file of zeros on the window, with the events of a browser. */
async function dropFile(
  on: Page,
  name: string,
  type: string,
  sizeBytes: number,
  { at = 'body', says = 'Drop to add to your message' } = {},
): Promise<void> {
  const dataTransfer = await on.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([new Uint8Array(${sizeBytes})], ${JSON.stringify(name)}, { type: ${JSON.stringify(type)} }));
    return transfer;
  })()`);
  await on.dispatchEvent(at, 'dragenter', { dataTransfer });
  await on.getByText(says).waitFor();
  await on.dispatchEvent(at, 'drop', { dataTransfer });
}
