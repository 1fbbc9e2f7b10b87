import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { ToneReader } from '../../sandbox/engine/scripted/tones.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import type { Caption } from '../../src/media/signalling/messages.ts';
import { launchBrowser } from '../support/browser.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { toneWordsInText, writeToneWav } from '../support/tone-audio.ts';
import { until } from '../support/until.ts';
import { collectCaptions } from './support/collect-captions.ts';
import { joinMeeting, linkFor, meet, openPage } from './support/meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './support/meeting-program.ts';
import { tileOf } from './support/pictures.ts';

/**
 * The whole program, and a browser with three microphones, cameras and speakers that asks for permission. Each
 * microphone counts in tone words, from the beginning whenever it is opened.
 */
const DEVICES = ['microphone', 'camera'] as const;
let browser: Browser;
let removeWav: () => void;
let engine: ScriptedEngine;
let program: MeetingProgram;
let card: StoredMessage;
let meetings = 0;

beforeAll(async () => {
  const { directory, remove } = temporaryDirectory();
  removeWav = remove;
  const wav = path.join(directory, 'microphone.wav');
  await writeToneWav(wav, 0);
  engine = await startScriptedEngine({
    apiKey: 'the-key-of-this-test',
    liveWords: (sampleRateHz) => new ToneReader(sampleRateHz),
  });
  [program, browser] = await Promise.all([
    startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url }),
    launchBrowser({
      flags: [
        '--use-fake-device-for-media-stream=device-count=3',
        `--use-file-for-fake-audio-capture=${wav}`,
      ],
    }),
  ]);
});
afterAll(async () => {
  await browser?.close();
  await program?.stop();
  await engine?.close();
  removeWav?.();
});
beforeEach(async () => {
  const { workspace, channel, people } = program;
  meetings += 1;
  card = await meet(workspace, { channel, as: people[0].id, title: `Devices ${meetings}` });
});
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

type Who = 0 | 1;
const linkOf = (who: Who): Promise<string> => linkFor(program.workspace, card, program.people[who].id);
const nameOf = (who: Who): string => program.people[who].name;
/** Ana joins muted, and collects captions. */
const joinAsReader = async () => {
  const page = await openPage(browser, await linkOf(0));
  const captions = collectCaptions(page);
  await page.getByRole('button', { name: 'Join muted' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
  return { page, captions };
};
const choice = (page: Page, device: string) => page.getByRole('combobox', { name: device, exact: true });
const choose = (page: Page, device: string, name: string): Promise<unknown> =>
  choice(page, device).selectOption({ label: name });
const isChosen = (page: Page, device: string, name: string): Promise<unknown> =>
  until(async () => (await choice(page, device).locator('option:checked').innerText()) === name, {
    what: `${name} as ${device}`,
  });
const inSettings = async (page: Page, work: () => Promise<unknown>): Promise<void> => {
  await page.getByRole('button', { name: 'Settings' }).click();
  await work();
  await page.getByRole('button', { name: 'Done' }).click();
};

/** Runs before the page’s scripts: `unplug` removes a device, as far as a page can tell. */
const WATCH_DEVICES = `(() => {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  const list = mediaDevices.enumerateDevices.bind(mediaDevices);
  const unplugged = new Set();
  const tracks = [];
  mediaDevices.getUserMedia = async (wanted) => {
    if (unplugged.has((wanted.audio ?? wanted.video).deviceId?.exact)) throw new DOMException('', 'OverconstrainedError');
    const stream = await open(wanted);
    tracks.push(...stream.getTracks());
    return stream;
  };
  mediaDevices.enumerateDevices = async () => (await list()).filter(({ deviceId }) => !unplugged.has(deviceId));
  window.unplug = async (label) => {
    for (const { deviceId } of (await list()).filter((each) => each.label === label)) unplugged.add(deviceId);
    for (const track of tracks.filter((each) => each.label === label && each.readyState === 'live')) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
    mediaDevices.dispatchEvent(new Event('devicechange'));
  };
})()`;

/** Captions of each microphone, in turn: each starts from the first word again. */
const byMicrophone = <T extends Pick<Caption, 'text'>>(finals: readonly T[]): T[][] => {
  const all: T[][] = [[]];
  let last = -1;
  for (const final of finals) {
    const words = toneWordsInText(final.text);
    const [first] = words;
    if (first === undefined) continue;
    // One caption may hold the last sentence of one and the first of the next: it counts for neither.
    const isMixed = words.some((word, at) => at > 0 && word <= words[at - 1]!);
    if (isMixed || first <= last) all.push([]);
    if (!isMixed) all.at(-1)!.push(final);
    last = words.at(-1)!;
  }
  return all;
};
/** These tests are compiled without the browser’s types. */
interface Video {
  getVideoPlaybackQuality(): { readonly totalVideoFrames: number };
}
const microphoneOf = (page: Page, who: Who) =>
  tileOf(page, nameOf(who)).getByRole('img', { name: 'No microphone' });
const playingCount = (page: Page): Promise<number> =>
  page.evaluate(
    `[...document.querySelectorAll('audio')].filter(({ srcObject, paused, currentTime }) =>
      !paused && currentTime > 0 && srcObject?.getAudioTracks().some((each) => !each.muted)).length`,
  );

describe('another microphone and another camera in the middle of a meeting', () => {
  it('are received by the others, and captions continue in order', async () => {
    const { page: ana, captions } = await joinAsReader();
    const ben = await joinMeeting(browser, await linkOf(1), { camera: true, permissions: DEVICES });
    const captionedFrom = (microphone: number): Promise<unknown> =>
      until(() => (byMicrophone(captions.finals())[microphone]?.length ?? 0) >= 2, {
        timeoutMs: 120_000,
        what: `two captions of microphone ${microphone}`,
      });
    await captionedFrom(0);
    for (const [at, name] of ['Fake Audio Input 1', 'Fake Audio Input 2'].entries()) {
      await inSettings(ben, () => choose(ben, 'Microphone', name));
      await captionedFrom(at + 1);
    }
    const finals = captions.finals();
    for (const [at, { startMs }] of finals.entries()) {
      if (at > 0) expect(startMs).toBeGreaterThanOrEqual(finals[at - 1]!.endMs);
    }

    await inSettings(ben, () => choose(ben, 'Camera', 'fake_device_2'));
    const frames = (): Promise<number> =>
      tileOf(ana, nameOf(1))
        .locator('video')
        .evaluate((video) => (video as unknown as Video).getVideoPlaybackQuality().totalVideoFrames);
    const before = await frames();
    await until(async () => (await frames()) > before + 20, {
      timeoutMs: 120_000,
      what: 'frames of the other camera',
    });
    await inSettings(ben, () => isChosen(ben, 'Camera', 'fake_device_2'));
  });
});

describe('a device that is unplugged', () => {
  it('is replaced by another, and is no longer listed; the page says so', async () => {
    const { captions } = await joinAsReader();
    const ben = await joinMeeting(browser, await linkOf(1), {
      permissions: DEVICES,
      initScript: WATCH_DEVICES,
    });
    await inSettings(ben, async () => {
      await choose(ben, 'Microphone', 'Fake Audio Input 2');
      await choose(ben, 'Speaker', 'Fake Audio Output 2');
    });
    const notice = ben.getByText('Your microphone stopped. Now using “Fake Default Audio Input”.').waitFor();
    await ben.evaluate(`window.unplug('Fake Audio Input 2')`);
    await notice;
    const before = captions.finals().length;
    await until(() => captions.finals().length > before + 1, { timeoutMs: 120_000, what: 'captions' });
    await inSettings(ben, async () => {
      await isChosen(ben, 'Microphone', 'Fake Default Audio Input');
      expect(await choice(ben, 'Microphone').getByText('Fake Audio Input 2').count()).toBe(0);
    });
  });

  it('and not replaced leaves its person in the meeting, and the page says what to do', async () => {
    const { page: ana, captions } = await joinAsReader();
    const ben = await joinMeeting(browser, await linkOf(1), { permissions: DEVICES });
    await until(() => captions.finals().length > 0, { timeoutMs: 120_000, what: 'a caption' });
    // As in the address bar: the browser ends the tracks.
    await ben.context().clearPermissions();
    await ben.getByText('Your microphone stopped. Your browser is blocking the microphone.').waitFor();
    await ben.getByRole('button', { name: 'Unmute' }).waitFor();
    await microphoneOf(ana, 1).waitFor();
    await ben.context().grantPermissions([...DEVICES]);
    const before = captions.finals().length;
    await ben.getByRole('button', { name: 'Unmute' }).click();
    await microphoneOf(ana, 1).waitFor({ state: 'detached' });
    await until(() => captions.finals().length > before, { timeoutMs: 120_000, what: 'another caption' });
  });
});

describe('a microphone that is not available before joining', () => {
  it('because it is blocked: its person joins, listens, reads what to do, and speaks once it is allowed', async () => {
    const ana = await joinMeeting(browser, await linkOf(0), { permissions: DEVICES });
    const ben = await openPage(browser, await linkOf(1), { camera: true });
    const alert = ben.getByRole('alert');
    await alert.getByText('is blocking the microphone. Allow it in the address bar').waitFor();
    await alert.getByText('is blocking the camera. Allow it in the address bar').waitFor();
    await agreeAndJoin(ben);
    await until(async () => (await playingCount(ben)) === 1, { what: 'Ana’s audio' });
    await microphoneOf(ana, 1).waitFor();
    await ben.getByText('is blocking the microphone. Allow it').waitFor();

    await ben.context().grantPermissions([...DEVICES]);
    await ben.getByRole('button', { name: 'Unmute' }).click();
    await microphoneOf(ana, 1).waitFor({ state: 'detached' });
    await until(async () => (await playingCount(ana)) === 1, { what: 'Ben’s audio' });
  });

  it('because another app uses it: the page says so, and it works once it is free', async () => {
    const ana = await joinMeeting(browser, await linkOf(0), { permissions: DEVICES });
    const ben = await openPage(browser, await linkOf(1), { permissions: DEVICES, initScript: IN_USE });
    const alert = ben.getByRole('alert');
    await alert.getByText('Can’t use the microphone. Another app may be using it').waitFor();
    await alert.getByRole('button', { name: 'Try again' }).click();
    await agreeAndJoin(ben);
    await until(async () => (await playingCount(ben)) === 1, { what: 'Ana’s audio' });
    await ben.evaluate('window.release()');
    await ben.getByRole('button', { name: 'Unmute' }).click();
    await until(async () => (await playingCount(ana)) === 1, { what: 'Ben’s audio' });
  });
});

describe('chosen devices', () => {
  it('are kept after a reload, and audio plays on the chosen speaker', async () => {
    await joinMeeting(browser, await linkOf(0), { permissions: DEVICES });
    const ben = await joinMeeting(browser, await linkOf(1), {
      permissions: DEVICES,
      initScript: WATCH_DEVICES,
    });
    const playsOn = (label: string): Promise<unknown> =>
      until(async () => (await ben.evaluate<string[]>(PLAYED_ON)).join() === label, {
        what: `audio on ${label}`,
      });
    await playsOn('default');
    await inSettings(ben, async () => {
      await choose(ben, 'Microphone', 'Fake Audio Input 1');
      await choose(ben, 'Camera', 'fake_device_2');
      await choose(ben, 'Speaker', 'Fake Audio Output 1');
    });
    await playsOn('Fake Audio Output 1');
    await ben.reload();
    await isChosen(ben, 'Microphone', 'Fake Audio Input 1');
    await isChosen(ben, 'Camera', 'fake_device_2');
    await isChosen(ben, 'Speaker', 'Fake Audio Output 1');
    await agreeAndJoin(ben);
    await playsOn('Fake Audio Output 1');
    // Without the chosen speaker, audio plays on the default one.
    await ben.evaluate(`window.unplug('Fake Audio Output 1')`);
    await playsOn('default');
  });
});

const agreeAndJoin = async (page: Page): Promise<void> => {
  await page.getByRole('checkbox', { name: 'I agree to be captioned' }).check();
  await page.getByRole('button', { name: 'Join now' }).click();
  await page.getByRole('button', { name: 'Leave', exact: true }).waitFor();
};
/** As text, because these run in pages. */
const PLAYED_ON = `(async () => {
  const all = await navigator.mediaDevices.enumerateDevices();
  return [...document.querySelectorAll('audio')].map(({ sinkId }) =>
    sinkId === '' ? 'default' : all.find(({ deviceId }) => deviceId === sinkId)?.label ?? 'nothing');
})()`;
const IN_USE = `(() => {
  const { mediaDevices } = navigator;
  const open = mediaDevices.getUserMedia.bind(mediaDevices);
  let isFree = false;
  window.release = () => { isFree = true; };
  mediaDevices.getUserMedia = async (wanted) => {
    if (!isFree) throw new DOMException('', 'NotReadableError');
    return open(wanted);
  };
})()`;
