import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildWorkspacePage } from '../../../../sandbox/page/build.ts';
import { silence, toMulaw } from '../../../../sandbox/phones/audio/mulaw.ts';
import { wavOf } from '../../../../sandbox/phones/audio/wav.ts';
import { SEEDED_PHONES } from '../../../../sandbox/phones/seeded-phones.ts';
import { type SlackSimulator, startSlack } from '../../../../sandbox/slack/server.ts';
import { systemClock } from '../../../../src/clock.ts';
import { faultsOf } from '../../../support/accessibility.ts';
import { launchBrowser } from '../../../support/browser.ts';
import { temporaryDirectory } from '../../../support/temporary.ts';
import { type OpenNetwork, openNetwork } from '../../phones/network.ts';
import { framesOfTone, rms, tone } from './audio/tone.ts';

/**
 * The phones panel in a real browser, on the simulated phone network, called with Twilio's own library. Each side of a
 * call has a tone of its own, so that whose audio arrives where is counted, not estimated.
 */
const MICROPHONE_HZ = 600;
const OTHER_SIDE_HZ = 1000;
const RECORDING_HZ = 1500;
const FILE_HZ = 2000;
/** Frames of a recording of 2 s, but for those at its ends. */
const ALL_FRAMES = 95;
const WAV_HEADER_BYTES = 44;

const [ANA, BEN] = SEEDED_PHONES.map(({ number }) => number) as [string, string];
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const response = (verbs: string): string => `<Response>${verbs}</Response>`;
const asking = response(
  '<Gather input="dtmf" finishOnKey="#" timeout="60" action="/keys"><Say>Please press some keys.</Say></Gather>',
);

/** A tone with pauses: browsers remove a steady one from the microphone as noise. */
const bursts = (hz: number): Uint8Array =>
  Buffer.concat(Array.from({ length: 8 }, () => [toMulaw(tone(hz, 8000, 300)), silence(200)]).flat());

const files = temporaryDirectory();
let browser: Browser;
let pageDir: string;
let network: OpenNetwork;
let slack: SlackSimulator;
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
  const microphone = path.join(files.directory, 'microphone.wav');
  await writeFile(microphone, wavOf([bursts(MICROPHONE_HZ)]));
  [browser, pageDir] = await Promise.all([
    launchBrowser({
      flags: [
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-audio-capture=${microphone}`,
        '--autoplay-policy=document-user-activation-required',
      ],
    }),
    buildWorkspacePage({ log: silent }),
  ]);
});

afterAll(async () => {
  await browser?.close();
  files.remove();
});

beforeEach(async () => {
  problems.length = 0;
  network = await openNetwork({ clock: systemClock });
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

/** Measures what the page plays: `loudestHz()` is the loudest frequency at the moment, 0 in silence. */
const MEASURE_OUTPUT = `(() => {
  const connect = AudioNode.prototype.connect;
  const analysers = [];
  AudioNode.prototype.connect = function (target, ...more) {
    if (target instanceof AudioDestinationNode) {
      const analyser = new AnalyserNode(target.context, { fftSize: 4096, smoothingTimeConstant: 0 });
      connect.call(this, analyser);
      analysers.push(analyser);
    }
    return connect.call(this, target, ...more);
  };
  window.loudestHz = () => {
    let best = { hz: 0, db: -60 };
    for (const analyser of analysers) {
      if (analyser.context.state !== 'running') continue;
      const levels = new Float32Array(analyser.frequencyBinCount);
      analyser.getFloatFrequencyData(levels);
      levels.forEach((db, bin) => {
        if (db > best.db) best = { hz: (bin * analyser.context.sampleRate) / analyser.fftSize, db };
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
  opened.setDefaultTimeout(120_000);
  opened.on('pageerror', (error) => problems.push(error.message));
  await opened.addInitScript(MEASURE_OUTPUT);
  await opened.goto(slack.url);
  await opened.getByRole('heading', { name: 'general', exact: true }).waitFor();
  return opened;
}

const openPhones = async (on = page): Promise<void> => {
  await on.getByRole('button', { name: /^Phones/ }).click();
  await on.getByRole('heading', { name: 'Phones', exact: true }).waitFor();
};
const card = (owner: string, on = page) => on.getByRole('article', { name: owner });
const barOf = (owner: string, on = page) => on.getByRole('region', { name: `${owner}’s phone` });
const button = (owner: string, name: string | RegExp, on = page) =>
  card(owner, on).getByRole('button', { name, exact: true });
const loudestHz = (on = page) => on.evaluate<number>('loudestHz()');
const playsTone = (hz: number, on = page) =>
  expect.poll(async () => Math.abs((await loudestHz(on)) - hz)).toBeLessThan(25);

/** What Ana's phone has sent in its newest call, at 8 kHz. */
const sentSamples = async (): Promise<Float32Array> => {
  const bytes = (await network.wav('sent', ANA)).subarray(WAV_HEADER_BYTES);
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readInt16LE(index * 2) / 32_768);
};
/** How many of the frames that Ana's phone has sent are this tone. */
const sentFramesOf = async (hz: number): Promise<number> => framesOfTone(hz, await sentSamples());
/** What of the last second that Ana's phone has sent is not silence. */
const sentLately = async (): Promise<number> => rms((await sentSamples()).slice(-8000));

describe('a ringing phone', () => {
  it('shows a bar in every view, plays a ringtone, and is declined there', async () => {
    const call = await network.dial({ to: ANA });
    const bar = barOf('Ana Brandão');
    await bar.getByText('Parley is calling').waitFor();
    await page.getByRole('button', { name: 'Phones 1 ringing' }).waitFor();
    await expect.poll(async () => Math.abs((await loudestHz()) - 425)).toBeLessThan(45);
    await bar.getByRole('button', { name: 'Decline' }).click();
    await bar.waitFor({ state: 'detached' });
    expect((await network.ended(call.sid)).status).toBe('busy');
    await expect.poll(() => loudestHz()).toBe(0);
    await openPhones();
    await card('Ana Brandão').getByText('The call with Parley wasn’t answered.').waitFor();
  });

  it('moves only without a preference for reduced motion', async () => {
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

  it('is answered, shows spoken text, sends keys, and carries audio both ways', async () => {
    const call = await network.dial({ to: ANA });
    await openPhones();
    await button('Ana Brandão', 'Answer').click();
    await card('Ana Brandão').getByText('Please press some keys.').waitFor();
    await card('Ana Brandão').getByText('They’re asking you to press keys').waitFor();
    // The focus moves into the call when the button is gone, so that the keyboard's digits are keys.
    await card('Ana Brandão').locator('.call:focus').waitFor();
    await page.keyboard.press('4');
    await button('Ana Brandão', '2').click();
    await expect.poll(() => card('Ana Brandão').getByLabel('Keys pressed').textContent()).toBe('42');
    await button('Ana Brandão', 'Hash').click();
    const stream = await network.customer.stream();
    expect(network.customer.requestsTo('/keys')[0]?.parameters.Digits).toBe('42');

    stream.play(toMulaw(tone(OTHER_SIDE_HZ, 8000, 6000)));
    await playsTone(OTHER_SIDE_HZ);
    await expect.poll(() => sentFramesOf(MICROPHONE_HZ)).toBeGreaterThan(50);
    expect(await sentFramesOf(OTHER_SIDE_HZ)).toBe(0);

    await button('Ana Brandão', 'Mute').click();
    await expect.poll(sentLately).toBe(0);
    const sentBefore = await sentFramesOf(MICROPHONE_HZ);
    await button('Ana Brandão', 'Mute').click();
    await expect.poll(() => sentFramesOf(MICROPHONE_HZ)).toBeGreaterThan(sentBefore + 50);

    await button('Ana Brandão', 'Hang up').click();
    expect((await network.ended(call.sid)).status).toBe('completed');
    await card('Ana Brandão')
      .getByText(/^The call with Parley ended after 0:/)
      .waitFor();
  });

  it('plays the call without a microphone, and shows that no one can hear it', async () => {
    const mute = await openPage({ permissions: [] });
    network.customer.on(
      '/voice',
      response(`<Connect><Stream url="${network.customer.streamUrl}"/></Connect>`),
    );
    await network.dial({ to: ANA });
    await barOf('Ana Brandão', mute).getByRole('button', { name: 'Answer' }).click();
    await openPhones(mute);
    await card('Ana Brandão', mute)
      .getByText(/They can’t hear you/)
      .waitFor();
    await expect.poll(() => button('Ana Brandão', 'Mute', mute).isDisabled()).toBe(true);
    (await network.customer.stream()).play(toMulaw(tone(700, 8000, 6000)));
    await playsTone(700, mute);
    // Another page can take over the audio, with its microphone.
    await openPhones();
    await button('Ana Brandão', 'Listen and talk').click();
    await playsTone(700);
    await expect.poll(() => button('Ana Brandão', 'Mute').isEnabled()).toBe(true);
    await mute.context().close();
  });

  it('plays a recording of the workspace, or a file, into the call', async () => {
    const recording = wavOf([toMulaw(tone(RECORDING_HZ, 8000, 2000))]);
    await network.ask('PUT', '/recordings?name=beep', recording);
    network.customer.on(
      '/voice',
      response(`<Connect><Stream url="${network.customer.streamUrl}"/></Connect>`),
    );
    await network.dial({ to: ANA });
    await openPhones();
    await button('Ana Brandão', 'Answer').click();
    await network.customer.stream();
    await button('Ana Brandão', 'Mute').click();
    const speakMenu = button('Ana Brandão', 'Play a recording');
    await speakMenu.click();
    await page.getByRole('menuitem', { name: 'repair-shop-3' }).waitFor();
    await page.getByRole('menuitem', { name: 'beep' }).click();
    await expect.poll(() => sentFramesOf(RECORDING_HZ)).toBeGreaterThan(ALL_FRAMES);
    await speakMenu.click();
    const choosing = page.waitForEvent('filechooser');
    await page.getByRole('menuitem', { name: /^From a file/ }).click();
    const buffer = wavOf([toMulaw(tone(FILE_HZ, 8000, 2000))]);
    await (await choosing).setFiles({ name: 'tone.wav', mimeType: 'audio/wav', buffer });
    await expect.poll(() => sentFramesOf(FILE_HZ)).toBeGreaterThan(ALL_FRAMES);
  });

  it('fits a narrow screen in a call and with its keypad, without horizontal scrolling', async () => {
    const narrow = await openPage({ viewport: { width: 360, height: 740 }, hasTouch: true });
    await network.dial({ to: ANA });
    const bar = barOf('Ana Brandão', narrow);
    await bar.getByRole('button', { name: 'Answer' }).click();
    const width = () => narrow.evaluate<number>('document.documentElement.scrollWidth');
    expect(await width()).toBeLessThanOrEqual(360);
    await bar.getByRole('button', { name: 'Mute' }).click();
    await bar.getByRole('button', { name: 'Mute', pressed: true }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    await bar.getByRole('button', { name: /^Ana/ }).click();
    await narrow.getByRole('group', { name: 'Keypad' }).waitFor();
    expect(await width()).toBeLessThanOrEqual(360);
    const box = await card('Ana Brandão', narrow).boundingBox();
    expect(box!.x + box!.width).toBeLessThanOrEqual(360);
    await narrow.context().close();
  });
});

describe('the phones panel', () => {
  it('is absent in a workspace without demo phones', async () => {
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

  it('calls Parley, and shows the keypad when keys are wanted', async () => {
    await openPhones();
    await button('Ben Whitfield', 'Call Parley').click();
    await card('Ben Whitfield').getByRole('group', { name: 'Keypad' }).waitFor();
    for (const key of ['7', '7', 'Hash']) await button('Ben Whitfield', key).click();
    await network.customer.stream();
    expect(network.customer.requestsTo('/incoming')[0]?.parameters.From).toBe(BEN);
    expect(network.customer.requestsTo('/keys')[0]?.parameters.Digits).toBe('77');
  });

  it('changes what a phone does when it rings', async () => {
    await openPhones();
    await button('Ana Brandão', /^When Ana Brandão’s phone rings: Rings here/).click();
    await page.getByRole('menuitemradio', { name: /^Is busy/ }).click();
    await button('Ana Brandão', /: Is busy$/).click();
    expect((await network.phone(ANA))?.behaviour).toEqual({ type: 'busy' });
    await page.getByRole('menuitemradio', { name: /^Plays recordings/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Plays recordings' });
    await dialog.getByText('No recordings: it answers and stays silent.').waitFor();
    await dialog.getByRole('button', { name: 'Add a recording' }).click();
    await page.getByRole('menuitem', { name: /^All of ben/ }).click();
    await dialog.getByRole('button', { name: 'Move ben-3 up' }).click();
    await dialog.getByRole('button', { name: 'Remove ben-1' }).click();
    await dialog.getByLabel('Seconds until it answers').fill('0.5');
    await dialog.getByLabel(/^Keys it presses/).fill('1#');
    await dialog.getByLabel('Hangs up after the last recording').check();
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect((await network.phone(ANA))?.behaviour).toEqual({
      type: 'answer',
      afterMs: 500,
      turns: ['ben-3', 'ben-2'],
      hangsUp: true,
      keys: '1#',
    });
    await card('Ana Brandão')
      .getByText('Plays ben-3, ben-2, presses 1# when asked, then hangs up.')
      .waitFor();
  });

  it('adds a phone by its number, and reports an invalid one', async () => {
    await openPhones();
    const form = page.getByRole('form', { name: 'Add a phone' });
    await form.getByLabel('Number').fill('7946 0150');
    await page.keyboard.press('Enter');
    await form.getByText('Include the country code').waitFor();
    await form.getByLabel('Number').fill('+44 20 7946 0101');
    await page.keyboard.press('Enter');
    await form.getByText('This phone is already in the list.').waitFor();
    await form.getByLabel('Number').fill('+44 20 7946 0150');
    await form.getByLabel('Name (optional)').fill('The florist');
    await page.keyboard.press('Enter');
    await card('The florist').getByText('+44 20 7946 0150').waitFor();
    expect(await form.getByLabel('Number').inputValue()).toBe('');
    const call = await network.dial({ to: '+442079460150' });
    await button('The florist', 'Decline').click();
    expect((await network.ended(call.sid)).status).toBe('busy');
  });

  it('has no accessibility violations while it rings, in a call with its keypad, and in the dialog', async () => {
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
    await page.getByRole('dialog', { name: 'Plays recordings' }).waitFor();
    expect(await faultsOf(page)).toEqual([]);
  });

  it('shows a notice when a request fails', async () => {
    await network.set({ type: 'ring' }, ANA);
    await openPhones();
    await network.act('call', { to: network.phones.number }, ANA);
    await button('Ana Brandão', 'Keypad').waitFor();
    await network.phones.close();
    await button('Ana Brandão', 'Hang up').click();
    await page.getByRole('alert').getByText(/./).waitFor();
  });
});
