import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workers } from '../../../src/media/workers.ts';
import { bestCorrelation, findAudio } from '../../support/audio-search.ts';
import { until } from '../../support/until.ts';
import { type Client, startPages } from '../browser/pages.ts';
import { startWorkers } from '../support.ts';
import { addPhone, linear, mulawOf, playedBy, startRoom } from './support.ts';

declare const client: Client;

let workers: Workers;
let call: Awaited<ReturnType<typeof startRoom>>;
let pages: Awaited<ReturnType<typeof startPages>>;

beforeAll(async () => {
  workers = await startWorkers(1);
  call = await startRoom(workers);
  pages = await startPages();
});
afterAll(async () => {
  await pages?.close();
  await call?.close();
  workers?.close();
});

describe('a phone and a browser on the real worker', () => {
  it('hear each other, and each is captioned from its own sound', async () => {
    const page = await pages.enter(call.urlOf('Ada&host'), { camera: false });
    const phone = await addPhone(call.room, 'leg-1');
    const peerId = await until(() =>
      page.evaluate(() => {
        for (const told of client.told) if (told.notification === 'peerJoined') return told.peer.peerId;
        return null;
      }),
    );
    const sound = () => page.evaluate((id) => client.soundOf(id), peerId);
    const said = await mulawOf('three-voices', 3_000, 9_000);
    // The browser has begun to take it before what is measured.
    await until(async () => {
      await phone.speak(said.subarray(0, 1_600), performance.now());
      return (await sound()).packets > 0;
    });
    const before = await sound();
    await phone.speak(said, performance.now());
    // Energy is the mean square of full scale times seconds; six seconds of a voice at -40 dB would be 0.0006.
    const after = await until(async () => {
      const now = await sound();
      return now.packets - before.packets > 250 && now.energy - before.energy > 0.001 && now;
    });
    expect(after.codec).toBe('audio/PCMU');
    expect(after.lost).toBe(0);

    // What the file says, wherever the browser is in it, the phone hears; and nothing of itself.
    const microphone = linear(await mulawOf('two-voices', 0, 60_000));
    const heard = playedBy(phone);
    expect(bestCorrelation(heard, microphone)).toBeGreaterThan(0.8);
    const own = linear(said).subarray(0, 3 * 8_000);
    expect(findAudio(own, heard).correlation).toBeLessThan(0.3);

    const [byBrowser] = call.heardOf(0);
    const [byPhone] = call.heardOf(1);
    expect(byBrowser!.audio).toEqual({ encoding: 'linear16', sampleRateHz: 16_000 });
    expect(byPhone!.audio).toEqual({ encoding: 'mulaw', sampleRateHz: 8_000 });
    expect(byBrowser!.pieces.length).toBeGreaterThan(5);
    const captioned = Buffer.from(byPhone!.pieces.at(-10)!.audio);
    expect(Buffer.from(said).indexOf(captioned)).toBeGreaterThanOrEqual(0);
  });
});
