import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildWorkspacePage } from '../../../../sandbox/page/build.ts';
import { toMulaw } from '../../../../sandbox/phones/audio/mulaw.ts';
import { wavOf } from '../../../../sandbox/phones/audio/wav.ts';
import { SEEDED_PHONES } from '../../../../sandbox/phones/seeded-phones.ts';
import { type SlackStandIn, startSlack } from '../../../../sandbox/slack/server.ts';
import { faultsOf } from '../../../support/accessibility.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { fixture } from '../../../support/fixtures.ts';
import { bestLikeness } from '../../../support/sound.ts';
import { type OpenNetwork, openNetwork } from '../../phones/network.ts';
import { tone } from './audio/sound.ts';
import { loudnessOf, samplesAt8kHz } from './loudness.ts';

/** The panel in a real browser with a recording for a microphone, on the real network, rung by Twilio's own library. */
const MICROPHONE = fixture('two-voices.wav');
const OTHER_VOICES = fixture('three-voices.wav');

const [ANA, BEN] = SEEDED_PHONES.map(({ number }) => number) as [string, string];
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const response = (verbs: string): string => `<Response>${verbs}</Response>`;
const asking = response(
  '<Gather input="dtmf" finishOnKey="#" timeout="60" action="/keys"><Say>Please press some keys.</Say></Gather>',
);

let browser: Browser;
let pageDir: string;
let network: OpenNetwork;
let slack: SlackStandIn;
let page: Page;
const problems: string[] = [];

const workspaceWith = (phones: OpenNetwork['phones']) => ({
  dataDir: null,
  botToken: 'xoxb-page',
  appToken: 'xapp-page',
  signingSecret: 'secret',
  pageDir,
  phones,
  log: silent,
});

beforeAll(async () => {
  [browser, pageDir] = await Promise.all([
    launchBrowser({
      flags: [
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${MICROPHONE}`,
        '--autoplay-policy=document-user-activation-required',
      ],
    }),
    buildWorkspacePage({ log: silent }),
  ]);
});

afterAll(() => browser?.close());

beforeEach(async () => {
  problems.length = 0;
  network = await openNetwork();
  network.customer.on('/voice', asking);
  network.customer.on('/incoming', asking);
  network.customer.on('/keys', response(`<Connect><Stream url="${network.customer.streamUrl}"/></Connect>`));
  slack = await startSlack(workspaceWith(network.phones));
  page = await openPage();
});

afterEach(async () => {
  await page?.context().close();
  await slack?.close();
  await network?.close();
  expect(problems).toEqual([]);
});

/** Listens at the speaker: `loudestHz()` tells the loudest tone of what the page plays at the moment, 0 in silence. */
const EAVESDROP = `(() => {
  const connect = AudioNode.prototype.connect;
  const ears = [];
  AudioNode.prototype.connect = function (target, ...more) {
    if (target instanceof AudioDestinationNode) {
      const ear = new AnalyserNode(target.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, ear);
      ears.push(ear);
    }
    return connect.call(this, target, ...more);
  };
  window.loudestHz = () => {
    let best = { hz: 0, db: -60 };
    for (const ear of ears) {
      if (ear.context.state !== 'running') continue;
      const levels = new Float32Array(ear.frequencyBinCount);
      ear.getFloatFrequencyData(levels);
      levels.forEach((db, bin) => {
        if (db > best.db) best = { hz: (bin * ear.context.sampleRate) / ear.fftSize, db };
      });
    }
    return best.hz;
  };
})()`;

async function openPage(options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 860 },
    permissions: ['microphone'],
    ...options,
  });
  const opened = await context.newPage();
  opened.setDefaultTimeout(30_000);
  opened.on('pageerror', (error) => problems.push(error.message));
  await opened.addInitScript(EAVESDROP);
  await opened.goto(slack.url);
  await opened.getByRole('heading', { name: 'general', exact: true }).waitFor();
  return opened;
}

const openPhones = async (on = page): Promise<void> => {
  await on.getByRole('button', { name: /^Phones/ }).click();
  await on.getByRole('heading', { name: 'Phones', exact: true }).waitFor();
};
const card = (owner: string, on = page) => on.getByRole('article', { name: owner });
const barOf = (owner: string, on = page) => on.getByRole('region', { name: `${owner}’s telephone` });
const button = (owner: string, name: string | RegExp, on = page) =>
  card(owner, on).getByRole('button', { name, exact: true });
const loudestHz = (on = page) => on.evaluate<number>('loudestHz()');
const hearsTone = (hz: number, on = page) =>
  expect.poll(async () => Math.abs((await loudestHz(on)) - hz)).toBeLessThan(25);

/** A recorded voice of the network's, which keeps them as telephones do, as 16 bits. */
const voice = async (name: string): Promise<Buffer> => {
  const wav = await readFile(new URL(`../../../../sandbox/phones/voices/${name}.wav`, import.meta.url));
  return wavOf([wav.subarray(wav.indexOf('data', 12, 'latin1') + 8)]);
};
/** How alike the best of what Ana's telephone just said is to some of this. */
const saidLike = async (original: Buffer): Promise<number> =>
  bestLikeness(samplesAt8kHz(await network.wav('sent', ANA)).slice(-64_000), samplesAt8kHz(original));
/** Comparing keeps this process busy, in which the network is, so there is time in between. */
const NOW_AND_THEN = { interval: 1_000, timeout: 90_000 };

describe('a telephone that rings', () => {
  it('is shown wherever one is, rings softly, and is refused there', async () => {
    const call = await network.dial({ to: ANA });
    const bar = barOf('Ana Brandão');
    await bar.getByText('Parley is calling').waitFor();
    await page.getByRole('button', { name: 'Phones 1 ringing' }).waitFor();
    await expect.poll(async () => Math.abs((await loudestHz()) - 425)).toBeLessThan(45);
    await bar.getByRole('button', { name: 'Refuse' }).click();
    await bar.waitFor({ state: 'detached' });
    expect((await network.ended(call.sid)).status).toBe('busy');
    await expect.poll(() => loudestHz()).toBe(0);
    await openPhones();
    await card('Ana Brandão').getByText('The call with Parley was not answered.').waitFor();
  });

  it('moves for those who want motion only', async () => {
    await network.dial({ to: ANA });
    await barOf('Ana Brandão').waitFor();
    const animations = () =>
      page.evaluate<number>(
        'document.getAnimations().filter(({ effect }) => effect.getTiming().iterations === Infinity).length',
      );
    await expect.poll(animations).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expect.poll(animations).toBe(0);
  });

  it('is answered, reads what a machine says, presses keys, and both sides hear each other', async () => {
    const call = await network.dial({ to: ANA });
    await openPhones();
    await button('Ana Brandão', 'Answer').click();
    await card('Ana Brandão').getByText('Please press some keys.').waitFor();
    await card('Ana Brandão').getByText('They ask you to press keys').waitFor();
    // The focus goes into the call when Answer is gone, so that the keyboard is the telephone's.
    await card('Ana Brandão').locator('.call:focus').waitFor();
    await page.keyboard.press('4');
    await button('Ana Brandão', '2').click();
    await expect.poll(() => card('Ana Brandão').getByLabel('Keys pressed').textContent()).toBe('42');
    await button('Ana Brandão', 'Hash').click();
    const stream = await network.customer.stream();
    expect(network.customer.told('/keys')[0]?.parameters.Digits).toBe('42');

    stream.play(toMulaw(tone(1000, 8000, 6000)));
    await hearsTone(1000);

    const [microphone, others] = await Promise.all([readFile(MICROPHONE), readFile(OTHER_VOICES)]);
    await expect.poll(() => saidLike(microphone), NOW_AND_THEN).toBeGreaterThan(0.75);
    expect(await saidLike(others)).toBeLessThan(0.7);

    await button('Ana Brandão', 'Mute').click();
    const lastHalfSecond = async () => Math.max(...loudnessOf(await network.wav('sent', ANA)).slice(-25));
    await expect.poll(lastHalfSecond).toBeLessThan(2.5);
    await button('Ana Brandão', 'Mute').click();
    await expect.poll(lastHalfSecond).toBeGreaterThan(4);

    await button('Ana Brandão', 'Hang up').click();
    expect((await network.ended(call.sid)).status).toBe('completed');
    await card('Ana Brandão')
      .getByText(/^The call with Parley is over, after 0:/)
      .waitFor();
  });

  it('is heard without a microphone, and says that nobody hears it', async () => {
    const deaf = await openPage({ permissions: [] });
    network.customer.on(
      '/voice',
      response(`<Connect><Stream url="${network.customer.streamUrl}"/></Connect>`),
    );
    await network.dial({ to: ANA });
    await barOf('Ana Brandão', deaf).getByRole('button', { name: 'Answer' }).click();
    await openPhones(deaf);
    await card('Ana Brandão', deaf)
      .getByText(/they do not hear you/)
      .waitFor();
    await expect.poll(() => button('Ana Brandão', 'Mute', deaf).isDisabled()).toBe(true);
    (await network.customer.stream()).play(toMulaw(tone(700, 8000, 6000)));
    await hearsTone(700, deaf);
    // Another page may take the sound over, with its microphone.
    await openPhones();
    await button('Ana Brandão', 'Listen and talk').click();
    await hearsTone(700);
    await expect.poll(() => button('Ana Brandão', 'Mute').isEnabled()).toBe(true);
    await deaf.context().close();
  });

  it('speaks a recording of the workspace, or from a file', async () => {
    network.customer.on(
      '/voice',
      response(`<Connect><Stream url="${network.customer.streamUrl}"/></Connect>`),
    );
    await network.dial({ to: ANA });
    await openPhones();
    await button('Ana Brandão', 'Answer').click();
    await network.customer.stream();
    await button('Ana Brandão', 'Mute').click();
    const speakMenu = button('Ana Brandão', 'Speak a recording');
    await speakMenu.click();
    await page.getByRole('menuitem', { name: 'repair-shop-3' }).click();
    const sample = await voice('repair-shop-3');
    await expect.poll(() => saidLike(sample), NOW_AND_THEN).toBeGreaterThan(0.95);
    await speakMenu.click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: /^From a file/ }).click();
    await (await choosing).setFiles(OTHER_VOICES);
    const others = await readFile(OTHER_VOICES);
    await expect.poll(() => saidLike(others), NOW_AND_THEN).toBeGreaterThan(0.8);
  });

  it('fits a phone: no sideways scrolling, in a call and with its keypad', async () => {
    const phone = await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await network.dial({ to: ANA });
    const bar = barOf('Ana Brandão', phone);
    await bar.getByRole('button', { name: 'Answer' }).click();
    const width = () => phone.evaluate<number>('document.documentElement.scrollWidth');
    expect(await width()).toBeLessThanOrEqual(360);
    await bar.getByRole('button', { name: 'Mute' }).click();
    await bar.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    await bar.getByRole('button', { name: /^Ana/ }).click();
    await phone.getByRole('group', { name: 'Keypad' }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    const box = await card('Ana Brandão', phone).boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(360);
    await phone.context().close();
  });
});

describe('the panel', () => {
  it('is not there in a workspace without telephones', async () => {
    const { phones: _none, ...without } = workspaceWith(network.phones);
    const other = await startSlack(without);
    const visitor = await page.context().newPage();
    const [answer] = await Promise.all([
      visitor.waitForResponse((response) => response.url().endsWith('/control/phones')),
      visitor.goto(other.url),
    ]);
    expect(answer.status()).toBe(404);
    await visitor.getByRole('button', { name: 'Failure modes' }).waitFor();
    expect(await visitor.getByRole('button', { name: /^Phones/ }).count()).toBe(0);
    await other.close();
  });

  it('dials Parley, and shows the keypad when keys are wanted', async () => {
    await openPhones();
    await button('Ben Whitfield', 'Call Parley').click();
    await card('Ben Whitfield').getByRole('group', { name: 'Keypad' }).waitFor();
    for (const key of ['7', '7', 'Hash']) await button('Ben Whitfield', key).click();
    await network.customer.stream();
    expect(network.customer.told('/incoming')[0]?.parameters.From).toBe(BEN);
    expect(network.customer.told('/keys')[0]?.parameters.Digits).toBe('77');
  });

  it('changes what a telephone does when it rings', async () => {
    await openPhones();
    await button('Ana Brandão', /^When Ana Brandão’s telephone rings: Rings here/).click();
    await page.getByRole('menuitemradio', { name: /^Is busy/ }).click();
    await button('Ana Brandão', /: Is busy$/).click();
    expect((await network.telephone(ANA))?.behaviour).toEqual({ type: 'busy' });
    await page.getByRole('menuitemradio', { name: /^A recorded voice answers/ }).click();
    const dialog = page.getByRole('dialog', { name: 'A recorded voice answers' });
    await dialog.getByText('It says nothing').waitFor();
    await dialog.getByRole('button', { name: 'Add a recording' }).click();
    await page.getByRole('menuitem', { name: /^All of ben/ }).click();
    await dialog.getByRole('button', { name: 'Say ben-3 earlier' }).click();
    await dialog.getByRole('button', { name: 'Take ben-1 out' }).click();
    await dialog.getByLabel('Seconds until it answers').fill('0.5');
    await dialog.getByLabel(/^Keys that it presses/).fill('1#');
    await dialog.getByLabel('Hangs up when it has said everything').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await network.telephone(ANA))?.behaviour).toEqual({
      type: 'answer',
      afterMs: 500,
      turns: ['ben-3', 'ben-2'],
      hangsUp: true,
      keys: '1#',
    });
    await card('Ana Brandão').getByText('Says ben-3, ben-2, presses 1# when asked, then hangs up.').waitFor();
  });

  it('adds a telephone with a number typed by hand, and says what is no number', async () => {
    await openPhones();
    const form = page.getByRole('form', { name: 'Another phone' });
    await form.getByLabel('Number').fill('7946 0150');
    await page.keyboard.press('Enter');
    await form.getByText('Write the number with its country').waitFor();
    await form.getByLabel('Number').fill('+44 20 7946 0101');
    await page.keyboard.press('Enter');
    await form.getByText('That telephone is here already.').waitFor();
    await form.getByLabel('Number').fill('+44 20 7946 0150');
    await form.getByLabel('Whose it is (optional)').fill('The florist');
    await page.keyboard.press('Enter');
    await card('The florist').getByText('+44 20 7946 0150').waitFor();
    expect(await form.getByLabel('Number').inputValue()).toBe('');
    const call = await network.dial({ to: '+442079460150' });
    await button('The florist', 'Refuse').click();
    expect((await network.ended(call.sid)).status).toBe('busy');
  });

  it('breaks no rule of accessibility: while it rings, in a call with its keypad, and in the dialog', async () => {
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await network.set({ type: 'ring' }, ANA);
    await network.dial({ to: ANA });
    await barOf('Ana Brandão').getByText('Parley is calling').waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await openPhones();
    await button('Ana Brandão', 'Answer').click();
    await card('Ana Brandão').getByRole('group', { name: 'Keypad' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
    await button('Ben Whitfield', 'Change').click();
    await page.getByRole('dialog', { name: 'A recorded voice answers' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  it('says a sentence when something cannot be done', async () => {
    await network.set({ type: 'ring' }, ANA);
    await openPhones();
    await network.act('call', { to: network.phones.number }, ANA);
    await button('Ana Brandão', 'Keypad').waitFor();
    await network.phones.close();
    await button('Ana Brandão', 'Hang up').click();
    await page.getByRole('alert').getByText(/./).waitFor();
  });
});
