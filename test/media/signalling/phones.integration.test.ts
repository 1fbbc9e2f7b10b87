import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LegId } from '../../../src/core/ids.ts';
import type { Workers } from '../../../src/media/workers.ts';
import { until } from '../../support/until.ts';
import { startWorkers } from '../support.ts';
import { connect, startMeeting } from './support.ts';

let workers: Workers;
let meeting: Awaited<ReturnType<typeof startMeeting>>;

beforeAll(async () => {
  workers = await startWorkers(1);
});
afterAll(() => workers.close());
beforeEach(async () => {
  meeting = await startMeeting(workers, { room: { mayAddPhone: true } });
});
afterEach(() => meeting.close());

const enter = async (who: string) => {
  const page = await connect(meeting.urlOf(who));
  const joined = await page.request('join', { rtpCapabilities: meeting.meeting.rtpCapabilities });
  return { ...page, joined };
};
const asked = () => meeting.happened.filter((line) => /requests|hangs up/.test(line));
const output = { play: () => {}, removed: () => {} };
const leg = (id: string) => id as LegId;

describe('phones of a meeting', () => {
  it('are rung for anybody who is in, and refused in the sentence that the rest of Parley says', async () => {
    const bob = await enter('Bob');
    expect(bob.joined).toMatchObject({ mayAddPhone: true, phones: [], captionsStopped: null });
    await bob.request('addPhone', { number: '+44 20 7946 0000' });
    expect(await bob.refused('addPhone', { number: '020' })).toEqual({
      code: 'not-allowed',
      sentence: 'Enter a whole number, with its country code.',
    });
    expect(asked()).toEqual(['Bob requests +44 20 7946 0000', 'Bob requests 020']);
  });

  it('are rung for no one who has not joined, nor many at once, nor where none can be', async () => {
    const stranger = await connect(meeting.urlOf('Mallory'));
    expect((await stranger.refused('addPhone', { number: '+1' })).code).toBe('wrong-order');
    expect((await stranger.refused('hangUpPhone', { legId: 'leg-1' })).code).toBe('wrong-order');
    const bob = await enter('Bob');
    for (let at = 0; at < 5; at += 1) await bob.request('addPhone', { number: `+4420794600${at}` });
    expect((await bob.refused('addPhone', { number: '+442079460009' })).sentence).toMatch(/in a minute/);
    // Nor by coming again.
    await bob.request('leave', {});
    const again = await enter('Bob');
    expect((await again.refused('addPhone', { number: '+442079460009' })).code).toBe('not-allowed');
    // Others may.
    await (await enter('Cleo')).request('addPhone', { number: '+442079460010' });
    expect(asked()).toHaveLength(6);
    await meeting.close();
    meeting = await startMeeting(workers);
    const dan = await enter('Dan');
    expect(dan.joined.mayAddPhone).toBe(false);
    expect((await dan.refused('addPhone', { number: '+1' })).sentence).toMatch(/can’t be added/);
    expect(asked()).toEqual([]);
  });

  it('are shown while they ring, also to who comes later, and hung up by anybody; others’ phones are not', async () => {
    const ada = await enter('Ada');
    const phones = [{ legId: leg('leg-1'), name: '+44 20 7946 0000', state: 'ringing' }] as const;
    meeting.meeting.phones.setPending(phones);
    await until(() => ada.notificationsOf('phones').length === 1);
    expect(ada.notificationsOf('phones')[0]?.phones).toEqual(phones);
    const bob = await enter('Bob');
    expect(bob.joined.phones).toEqual(phones);
    await bob.request('hangUpPhone', { legId: 'leg-1' });
    expect((await bob.refused('hangUpPhone', { legId: 'leg-2' })).code).toBe('not-found');
    await meeting.meeting.phones.add({ legId: leg('leg-2'), name: 'Bob’s phone', consented: true }, output);
    await bob.request('hangUpPhone', { legId: 'leg-2' });
    expect(asked()).toEqual(['Bob hangs up leg-1', 'Bob hangs up leg-2']);
    // Hanging up is the phone provider's deed; until it is done, the phone is in.
    expect(meeting.participants().size).toBe(3);
  });

  it('are unmuted by the host alone', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    await meeting.meeting.phones.add({ legId: leg('leg-1'), name: 'A phone', consented: true }, output);
    await until(() => ada.notificationsOf('peerJoined').length === 2);
    const { peerId } = ada.notificationsOf('peerJoined')[1]!.peer;
    await ada.request('mutePeer', { peerId });
    expect((await bob.refused('unmutePhone', { peerId })).code).toBe('not-allowed');
    await ada.request('unmutePhone', { peerId });
    expect(ada.notificationsOf('peerUpdated').at(-1)?.peer.microphone).toBe('on');
    // The phone has no page to be told on, and no one else is told that they were muted.
    expect([...ada.notificationsOf('youWereMuted'), ...bob.notificationsOf('youWereMuted')]).toEqual([]);
  });
});

describe('captions that end for good', () => {
  it('are told to all, with why, and no one switches them on again, nor in the next process', async () => {
    const ada = await enter('Ada&host');
    const why = 'Someone on the phone declined, so nothing is transcribed.';
    await meeting.meeting.phones.add({ legId: leg('leg-1'), name: 'A phone', consented: true }, output);
    await until(() => meeting.happened.includes('transcribes 1 in pcmu'));
    meeting.meeting.captions.stop(why);
    meeting.meeting.captions.stop('Another reason.');
    await until(() => meeting.happened.includes('no longer transcribes 1'));
    await until(() => ada.notificationsOf('captionsState').length === 1);
    expect(ada.notificationsOf('captionsState')).toEqual([
      { notification: 'captionsState', on: false, delayed: false, unsaved: false, stopped: why },
    ]);
    for (const on of [true, false]) {
      expect(await ada.refused('setCaptions', { on })).toEqual({ code: 'not-allowed', sentence: why });
    }
    expect((await enter('Bob')).joined).toMatchObject({ captionsOn: false, captionsStopped: why });
    await meeting.close();
    meeting = await startMeeting(workers, { room: { captionsStopped: why } });
    expect((await enter('Ada&host')).joined).toMatchObject({ captionsOn: false, captionsStopped: why });
  });
});
