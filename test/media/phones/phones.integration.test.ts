import { observer } from 'mediasoup';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/error.ts';
import type { MemberId } from '../../../src/core/ids.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { findAudio } from '../../support/audio-search.ts';
import { until } from '../../support/until.ts';
import { connect, type Page } from '../signalling/support.ts';
import { opus, startWorkers } from '../support.ts';
import {
  addPhone,
  hearing,
  linear,
  median,
  mulawOf,
  playedBy,
  startRoom,
  type TestPhone,
} from './support.ts';

let workers: Workers;
let call: Awaited<ReturnType<typeof startRoom>>;

/** How many microphones are listened to at the moment, in all rooms, each as often as it is. */
let taps = 0;
const countTaps = (): void => {
  observer.on('newworker', (worker) =>
    worker.observer.on('newrouter', (router) =>
      router.observer.on('newtransport', (transport) => {
        if (transport.type !== 'direct') return;
        transport.observer.on('newconsumer', (consumer) => {
          taps += 1;
          consumer.observer.once('close', () => {
            taps -= 1;
          });
        });
      }),
    ),
  );
};

beforeAll(async () => {
  countTaps();
  workers = await startWorkers(2);
});
afterAll(() => workers.close());
beforeEach(async () => {
  call = await startRoom(workers);
});
afterEach(async () => {
  await call.close();
  expect(call.errors).toEqual([]);
});

/** A page that joined and receives, as host. */
const watch = async (who = 'Ada&host') => {
  const page = await connect(call.urlOf(who));
  const [{ rtpCapabilities } = { rtpCapabilities: {} }] = await until(() => {
    const welcome = page.notificationsOf('welcome');
    return welcome.length > 0 && welcome;
  });
  const joined = await page.request('join', { rtpCapabilities });
  await page.request('consent', { accepted: true });
  await page.request('createTransport', { direction: 'send' });
  await page.request('createTransport', { direction: 'receive' });
  return { ...page, joined };
};

/** The peer that the page is told of as the `nth` to come in. */
const joined = async ({ notificationsOf }: Pick<Page, 'notificationsOf'>, nth = 1) => {
  await until(() => notificationsOf('peerJoined').length >= nth, {
    what: `the peer that comes as number ${nth}`,
  });
  return notificationsOf('peerJoined')[nth - 1]!.peer;
};

/** Until a phone is heard well by another: it says it again where a machine that stumbles left some of it out. */
const isHeard = (phone: TestPhone, by: TestPhone, said: Uint8Array, fromMs = 0): Promise<unknown> => {
  let lineMs = fromMs;
  return until(
    async () => {
      const begunMs = performance.now();
      await phone.speak(said, lineMs);
      lineMs += said.length / 8;
      const { correlation } = hearing(by, linear(said), begunMs);
      if (correlation > 0.98) return true;
      throw new Error(`correlation ${correlation}`);
    },
    { timeoutMs: 90_000, what: 'a voice that is heard' },
  );
};

describe('a phone in a room', () => {
  it('has a place like everyone, and is the same party when it comes again, also to the next process', async () => {
    const page = await watch();
    const phone = await addPhone(call.room, 'leg-1', { name: '+44 20 7946 0000' });
    await until(() => page.notificationsOf('peerJoined').length === 1);
    expect(page.notificationsOf('peerJoined')[0]?.peer).toMatchObject({
      name: '+44 20 7946 0000',
      legId: 'leg-1',
      partyIndex: 1,
      host: false,
      connected: true,
    });
    await until(() => page.notificationsOf('peerUpdated').at(-1)?.peer.microphone === 'on');
    await until(() => page.notificationsOf('newConsumer').length === 1);
    expect(page.notificationsOf('newConsumer')[0]).toMatchObject({ source: 'microphone', kind: 'audio' });
    phone.participant.leave();
    phone.participant.leave();
    await until(() => page.notificationsOf('peerLeft').length === 1);
    await addPhone(call.room, 'leg-2');
    const again = await addPhone(call.room, 'leg-1');
    expect([phone.participant.party, again.participant.party]).toEqual([1, 1]);
    expect(call.happened).toEqual([
      'ada joined as 0',
      'phone:leg-1 joined as 1',
      'left: 1 and 0 phones',
      'phone:leg-2 joined as 2',
      'phone:leg-1 joined as 1',
    ]);
    const parties = ['ada', 'phone:leg-9'] as MemberId[];
    await call.close();
    call = await startRoom(workers, { parties });
    expect((await addPhone(call.room, 'leg-9')).participant.party).toBe(1);
  });

  it('keeps its place when its line begins again, and the earlier line changes nothing', async () => {
    const page = await watch();
    const before = await addPhone(call.room, 'leg-1');
    const now = await addPhone(call.room, 'leg-1');
    expect(now.participant.party).toBe(before.participant.party);
    before.participant.leave();
    await until(() => now.played.length > 10);
    const playedBefore = before.played.length;
    await until(() => now.played.length > 20);
    expect(before.played.length).toBe(playedBefore);
    expect(page.notificationsOf('peerLeft')).toEqual([]);
    const voice = await mulawOf('two-voices', 11_000, 13_000);
    await now.speak(voice, 0);
    await until(() => call.heardOf(1).some(({ pieces }) => pieces.length > 5));
    now.participant.leave();
    expect(call.happened).toEqual(['ada joined as 0', 'phone:leg-1 joined as 1', 'left: 1 and 0 phones']);
  });

  it('is captioned by the very bytes it sent, at their times', async () => {
    const said = await mulawOf('two-voices', 10_000, 14_000);
    let legs = 0;
    /** Speaks in a leg of its own. Resolves with how far the times of its audio are off. */
    const captioned = async (): Promise<number> => {
      legs += 1;
      const phone = await addPhone(call.room, `leg-${legs}`);
      const { party } = phone.participant;
      const begunMs = call.nowMs();
      await phone.speak(said, 83);
      const heardSoFar = (): Buffer =>
        Buffer.concat((call.heardOf(party)[0]?.pieces ?? []).map(({ audio }) => audio));
      await until(() => heardSoFar().length > 0.9 * said.length, { what: 'nearly all of it' });
      phone.participant.leave();
      const [ear] = call.heardOf(party);
      await until(() => ear!.closed);
      expect(ear!.audio).toEqual({ encoding: 'mulaw', sampleRateHz: 8_000 });
      const heard = heardSoFar();
      const at = Buffer.from(said).indexOf(heard.subarray(0, 800));
      expect(at).toBeGreaterThanOrEqual(0);
      expect(heard.equals(Buffer.from(said).subarray(at, at + heard.length))).toBe(true);
      let byte = at;
      const offByMs: number[] = [];
      for (const { audio, atMs } of ear!.pieces) {
        expect(audio.length).toBeLessThanOrEqual(800);
        // Its first byte was spoken so long after the beginning.
        offByMs.push(Math.abs(atMs - (begunMs + byte / 8)));
        byte += audio.length;
      }
      return median(offByMs);
    };
    // Again where the machine stumbled while the phone spoke.
    await expect.poll(captioned, { timeout: 90_000 }).toBeLessThan(100);
  });

  it('is not captioned without its consent, and is heard all the same', async () => {
    const silent = await addPhone(call.room, 'leg-1', { consented: false });
    const other = await addPhone(call.room, 'leg-2');
    const said = await mulawOf('two-voices', 11_000, 13_000);
    await isHeard(silent, other, said);
    expect(call.heardOf(0)).toEqual([]);
  });

  it('is captioned until it declines, and not from then on', async () => {
    const phone = await addPhone(call.room, 'leg-1');
    const speaking = phone.speak(await mulawOf('two-voices', 10_000, 14_000));
    const [ear] = await until(() => {
      const ears = call.heardOf(0);
      return ears[0] !== undefined && ears[0].pieces.length >= 3 && ears;
    });
    phone.participant.decline();
    phone.participant.decline();
    await until(() => ear!.closed);
    const pieces = ear!.pieces.length;
    await speaking;
    expect(ear!.pieces).toHaveLength(pieces);
    expect(call.heardOf(0)).toHaveLength(1);
  });

  it('transcribes the others but not itself, and a third the sum of both, without much delay', async () => {
    const [one, two, three] = [
      await addPhone(call.room, 'leg-1'),
      await addPhone(call.room, 'leg-2'),
      await addPhone(call.room, 'leg-3'),
    ];
    await until(() => [one, two, three].every(({ played }) => played.length > 20));
    const [first, second] = [
      await mulawOf('two-voices', 11_000, 14_000),
      await mulawOf('three-voices', 3_000, 6_000),
    ];
    let lineMs = 0;
    const found = await until(
      async () => {
        const begunMs = performance.now();
        await Promise.all([one.speak(first, lineMs), two.speak(second, lineMs)]);
        lineMs += 3_000;
        const both = [hearing(two, linear(first), begunMs), hearing(one, linear(second), begunMs)];
        return both.every(({ correlation }) => correlation > 0.98) && both;
      },
      { timeoutMs: 90_000, what: 'two voices that are heard' },
    );
    expect(findAudio(linear(first), playedBy(one)).correlation).toBeLessThan(0.3);
    expect(findAudio(linear(second), playedBy(two)).correlation).toBeLessThan(0.3);
    // The third transcribes both at once: each tick, what the two hear of each other.
    const ticks = Math.min(one.played.length, two.played.length, three.played.length);
    const [inOne, inTwo, inThree] = [one, two, three].map((phone) => playedBy(phone).slice(-ticks * 160)) as [
      Int16Array,
      Int16Array,
      Int16Array,
    ];
    const sum = inOne.map((sample, at) => sample + inTwo[at]!);
    expect(findAudio(sum, inThree).correlation).toBeGreaterThan(0.98);
    for (const { delayMs } of found) {
      expect(delayMs).toBeGreaterThan(0);
      // How late it is on a machine of its own is measured elsewhere; here others work too.
      expect(delayMs).toBeLessThan(2_000);
    }
    expect(two.played.every(({ frame }) => frame.length === 160)).toBe(true);
  });

  it('is played silence while no one speaks, as many frames as the time holds', async () => {
    const begunMs = performance.now();
    const phone = await addPhone(call.room, 'leg-1');
    await until(() => phone.played.length >= 100);
    const expected = (phone.played.at(-1)!.atMs - begunMs) / 20;
    // A machine that stumbles leaves many out, and none is ever too many; a timer may be early by less than one.
    expect(phone.played.length).toBeLessThan(expected + 1);
    expect(phone.played.length).toBeGreaterThan(0.5 * expected);
    expect(phone.played.every(({ frame }) => frame.every((code) => code === 0xff))).toBe(true);
  });

  it('is muted by the host for everyone, its captions and other phones too, and unmuted again', async () => {
    const page = await watch();
    const phone = await addPhone(call.room, 'leg-1');
    const other = await addPhone(call.room, 'leg-2');
    const { peerId } = await joined(page);
    const voice = await mulawOf('two-voices', 11_000, 13_000);
    await page.request('mutePeer', { peerId });
    await until(() => page.notificationsOf('peerUpdated').at(-1)?.peer.microphone === 'muted');
    const playedBefore = other.played.length;
    await phone.speak(voice);
    expect(call.heardOf(1).flatMap(({ pieces }) => pieces)).toEqual([]);
    const since = other.played.slice(playedBefore);
    expect(since.length).toBeGreaterThan(50);
    expect(since.every(({ frame }) => frame.every((code) => code === 0xff))).toBe(true);
    await page.request('unmutePhone', { peerId });
    await isHeard(phone, other, voice, 2_000);
    await until(() => call.heardOf(1).some(({ pieces }) => pieces.length > 5));
    expect(await page.refused('unmutePhone', { peerId: page.joined.peerId })).toMatchObject({
      code: 'bad-request',
    });
  });

  it('is removed by the host, told once, and may be rung again', async () => {
    const page = await watch();
    const phone = await addPhone(call.room, 'leg-1');
    await page.request('removePeer', { peerId: (await joined(page)).peerId });
    await until(() => page.notificationsOf('peerLeft').length === 1);
    expect(phone.removed).toBe(1);
    phone.participant.leave();
    expect(call.happened).toEqual(['ada joined as 0', 'phone:leg-1 joined as 1', 'left: 1 and 0 phones']);
    const again = await addPhone(call.room, 'leg-1');
    call.room.end('Ada');
    expect([phone.removed, again.removed]).toEqual([1, 1]);
    const played = again.played.length;
    again.participant.receive(new Uint8Array(160), 0);
    again.participant.leave();
    expect(again.played.length).toBe(played);
  });

  it.each([['Ada'], [null]])(
    'is in a room that %s ends: pages hear who did, and no name when no one did',
    async (by) => {
      const page = await watch();
      call.room.end(by);
      await until(() => page.notificationsOf('meetingEnded').length === 1);
      expect(page.notificationsOf('meetingEnded')).toEqual([{ notification: 'meetingEnded', by }]);
    },
  );

  it('is told of nothing when only this process stops', async () => {
    const phone = await addPhone(call.room, 'leg-1');
    call.room.close();
    call.room.close();
    expect(phone.removed).toBe(0);
    await expect(addPhone(call.room, 'leg-2')).rejects.toMatchObject({
      userMessage: 'This meeting has ended.',
    });
    await expect(addPhone(call.room, 'leg-2')).rejects.toBeInstanceOf(AppError);
  });

  it('goes on speaking, hearing and being muted when its worker is killed', async () => {
    const page = await watch();
    const phone = await addPhone(call.room, 'leg-1');
    const other = await addPhone(call.room, 'leg-2');
    await page.request('mutePeer', { peerId: (await joined(page, 2)).peerId });
    for (const pid of workers.pids()) process.kill(pid, 'SIGKILL');
    await until(() => page.notificationsOf('mediaLost').length === 1);
    const voice = await mulawOf('two-voices', 11_000, 13_000);
    const isOn = (name: string) =>
      page.notificationsOf('peerUpdated').findLast(({ peer }) => peer.name === name)?.peer.microphone;
    await until(() => isOn('leg-1') === 'on' && isOn('leg-2') === 'muted');
    await isHeard(phone, other, voice);
    await until(() => call.heardOf(1).length === 2 && call.heardOf(1)[1]!.pieces.length > 5);
    expect(call.heardOf(1)[0]!.closed).toBe(true);
    expect(call.happened.filter((line) => line.startsWith('left'))).toEqual([]);
  });

  it('shows in the levels of who speaks', async () => {
    const page = await watch();
    const phone = await addPhone(call.room, 'leg-1');
    const { peerId } = await joined(page);
    await phone.speak(await mulawOf('two-voices', 11_000, 13_000));
    await until(() =>
      page.notificationsOf('audioLevels').some(({ levels }) => levels.some((each) => each.peerId === peerId)),
    );
    await until(() => page.notificationsOf('activeSpeaker').some((told) => told.peerId === peerId));
  });

  it('costs nothing once it left: no one is mixed any more', async () => {
    const page = await watch();
    await page.request('produce', { source: 'microphone', rtpParameters: opus(), paused: false });
    const phone = await addPhone(call.room, 'leg-1');
    await until(() => phone.played.length > 5);
    // Of the page for captions and for the phone; of the phone for captions alone, since no one else is on one.
    await until(() => taps === 3);
    phone.participant.leave();
    const played = phone.played.length;
    // Captions hear the page, and no one else does: the room carries one tap.
    await until(() => taps === 1);
    expect(phone.played.length).toBe(played);
  });

  it('takes one of the room’s places', async () => {
    const phones = await Promise.all(
      Array.from({ length: 100 }, (_, at) => addPhone(call.room, `leg-${at}`)),
    );
    await expect(addPhone(call.room, 'one-more')).rejects.toMatchObject({
      userMessage: 'This meeting is full: the limit is 100 people.',
    });
    for (const { participant } of phones) participant.leave();
    expect(call.happened.at(-1)).toBe('left: 0 and 0 phones');
  });
});
