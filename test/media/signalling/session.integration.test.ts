import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Workers } from '../../../src/media/workers.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { until } from '../../support/until.ts';
import { opus, simulcast, startWorkers } from '../support.ts';
import { connect, type Page, startMeeting } from './support.ts';

let workers: Workers;
let meeting: Awaited<ReturnType<typeof startMeeting>>;

beforeAll(async () => {
  workers = await startWorkers(1);
});
afterAll(() => workers.close());
beforeEach(async () => {
  meeting = await startMeeting(workers);
});
afterEach(() => meeting.close());

const capabilities = () => meeting.meeting.rtpCapabilities;
const join = (page: Page, resumeToken?: string) =>
  page.request('join', {
    rtpCapabilities: capabilities(),
    ...(resumeToken === undefined ? {} : { resumeToken }),
  });
const microphone = (page: Page, paused = false) =>
  page.request('produce', { source: 'microphone', rtpParameters: opus(), paused });

/** Someone who joined, agreed and can send and receive. */
const enter = async (who: string) => {
  const page = await connect(meeting.urlOf(who));
  const joined = await join(page);
  await page.request('consent', { accepted: true });
  await page.request('createTransport', { direction: 'send' });
  await page.request('createTransport', { direction: 'receive' });
  return { ...page, joined };
};

describe('joining', () => {
  it('gives what a page needs, and shows each to the other', async () => {
    const ada = await enter('Ada&host');
    expect(ada.joined).toMatchObject({
      resumed: false,
      title: 'Stand-up',
      captionsOn: true,
      captionsDelayed: false,
      captionsUnsaved: false,
      consented: false,
      iceServers: [{ urls: ['stun:stun.example.com'] }],
      peers: [{ name: 'Ada', host: true, partyIndex: 0, microphone: 'off', connected: true }],
    });
    const bob = await enter('Bob');
    expect(bob.joined.peers.map(({ name }) => name)).toEqual(['Ada', 'Bob']);
    await until(() => ada.notificationsOf('peerJoined').length === 1);
    expect(ada.notificationsOf('peerJoined')[0]?.peer).toMatchObject({
      name: 'Bob',
      host: false,
      partyIndex: 1,
    });
    await bob.request('leave', {});
    expect(await bob.closed()).toBe(1000);
    await until(() => ada.notificationsOf('peerLeft').length === 1);
    expect(meeting.happened).toEqual(['Ada joined as 0', 'Bob joined as 1', '1 left, 1 browsers here']);
  });

  it('gives one person on two devices two participants and one party', async () => {
    await enter('Ada');
    const tablet = await enter('Ada');
    expect(tablet.joined.peers.map(({ partyIndex }) => partyIndex)).toEqual([0, 0]);
    expect(new Set(tablet.joined.peers.map(({ peerId }) => peerId)).size).toBe(2);
  });
});

describe('a meeting with a limit', () => {
  it('takes no more people, nor one person on more devices than anybody has', async () => {
    for (let device = 0; device < 5; device++) await enter('Ada');
    const sixth = await connect(meeting.urlOf('Ada'));
    expect(await sixth.refused('join', { rtpCapabilities: capabilities() })).toEqual({
      code: 'full',
      sentence: 'You’re already in this meeting on 5 devices. Leave on one of them, then join again.',
    });
    await meeting.close();
    meeting = await startMeeting(workers, { limits: { peers: 1, consumersPerRouter: 10 } });
    await enter('Ada');
    const bob = await connect(meeting.urlOf('Bob'));
    expect((await bob.refused('join', { rtpCapabilities: capabilities() })).sentence).toBe(
      'This meeting is full: the limit is 1 people.',
    );
  });
});

describe('media', () => {
  it('tells the others of a stream, its mute and its end, and shows them on the person', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    const { producerId } = await microphone(ada);
    await until(() => bob.notificationsOf('newConsumer').length === 1);
    const [consumer] = bob.notificationsOf('newConsumer');
    expect(consumer).toMatchObject({
      producerId,
      peerId: ada.joined.peerId,
      source: 'microphone',
      kind: 'audio',
      paused: false,
    });
    await bob.request('resumeConsumer', { consumerId: consumer!.consumerId });
    await ada.request('pauseProducer', { producerId });
    await until(() => bob.notificationsOf('consumerPaused').length === 1);
    await until(() => bob.notificationsOf('peerUpdated').at(-1)?.peer.microphone === 'muted');
    await ada.request('resumeProducer', { producerId });
    await until(() => bob.notificationsOf('consumerResumed').length === 1);
    await ada.request('closeProducer', { producerId });
    await until(() => bob.notificationsOf('consumerClosed').length === 1);
    await until(() => bob.notificationsOf('peerUpdated').at(-1)?.peer.microphone === 'off');
  });

  it('lets a page choose layers and pause what is off its screen', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    await ada.request('produce', { source: 'camera', rtpParameters: simulcast(), paused: false });
    await until(() => bob.notificationsOf('newConsumer').length === 1);
    const { consumerId } = bob.notificationsOf('newConsumer')[0]!;
    await bob.request('setLayers', { consumerId, spatialLayer: 1, temporalLayer: 0 });
    await bob.request('pauseConsumer', { consumerId });
    expect(bob.notificationsOf('peerUpdated').at(-1)?.peer.camera).toBe(true);
  });

  it('gives new ICE credentials on a restart', async () => {
    const page = await connect(meeting.urlOf('Ada'));
    await join(page);
    const { transportId, iceParameters } = await page.request('createTransport', { direction: 'send' });
    const restarted = await page.request('restartIce', { transportId });
    expect(restarted.iceParameters.usernameFragment).not.toBe(iceParameters.usernameFragment);
  });

  it('tells everyone that the media is lost when the worker dies, and takes it up again on the same line', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    await microphone(ada);
    await until(() => bob.notificationsOf('newConsumer').length === 1);
    process.kill(workers.pids()[0]!, 'SIGKILL');
    await until(
      () => ada.notificationsOf('mediaLost').length === 1 && bob.notificationsOf('mediaLost').length === 1,
    );
    for (const page of [ada, bob]) {
      await page.request('createTransport', { direction: 'send' });
      await page.request('createTransport', { direction: 'receive' });
    }
    await microphone(ada);
    await until(() => bob.notificationsOf('newConsumer').length === 2);
    expect(meeting.happened.filter((line) => line === 'transcribes 0 in opus')).toHaveLength(2);
  });
});

describe('who is transcribed', () => {
  it('is no one before they agreed, whoever agreed with captions on, and no one after they took it back', async () => {
    const page = await connect(meeting.urlOf('Ada'));
    await join(page);
    await page.request('createTransport', { direction: 'send' });
    const refused = await page.refused('produce', {
      source: 'microphone',
      rtpParameters: opus(),
      paused: false,
    });
    expect(refused).toEqual({
      code: 'no-consent',
      sentence: 'Agree to be captioned and transcribed before you turn your microphone on.',
    });
    await page.request('consent', { accepted: true });
    await microphone(page, true);
    await until(() => meeting.happened.includes('0 muted'));
    await page.request('consent', { accepted: false });
    await until(() => meeting.happened.includes('no longer transcribes 0'));
    expect(meeting.happened).toEqual([
      'Ada joined as 0',
      'transcribes 0 in opus',
      '0 muted',
      'no longer transcribes 0',
    ]);
  });

  it('is no one while the host has captions off', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    await microphone(bob);
    await ada.request('setCaptions', { on: false });
    await until(() => meeting.happened.includes('no longer transcribes 1'));
    await until(() => bob.notificationsOf('captionsState').length === 1);
    expect(bob.notificationsOf('captionsState')[0]).toMatchObject({ on: false, delayed: false });
    await ada.request('setCaptions', { on: true });
    await until(() => meeting.happened.filter((line) => line === 'transcribes 1 in opus').length === 2);
    expect(meeting.happened).toContain('captions off');
  });
});

describe('captions and talk time', () => {
  it('go to whoever wants them', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    await bob.request('captionsWanted', { wanted: false });
    const caption = {
      partyIndex: 0,
      id: 'c1',
      text: 'Hello <b>all</b>',
      committed: 5,
      startMs: 10,
      endMs: 900,
      isFinal: false,
    };
    meeting.meeting.sendCaption(caption);
    meeting.meeting.sendTalkTime([{ partyIndex: 0, speakingMs: 890 }]);
    for (const _twice of [1, 2]) {
      meeting.meeting.setCaptionsDelayed(true);
      meeting.meeting.setCaptionsUnsaved(true);
    }
    await until(
      () =>
        bob.notificationsOf('captionsState').length === 2 &&
        ada.notificationsOf('captionsState').length === 2,
    );
    expect(ada.notificationsOf('caption')).toEqual([{ notification: 'caption', caption }]);
    expect(bob.notificationsOf('caption')).toEqual([]);
    expect(bob.notificationsOf('talkTime')).toHaveLength(1);
    expect(ada.notificationsOf('captionsState')).toEqual([
      { notification: 'captionsState', on: true, delayed: true, unsaved: false, stopped: null },
      { notification: 'captionsState', on: true, delayed: true, unsaved: true, stopped: null },
    ]);
    expect(await ada.request('getTranscript', { since: 4 })).toEqual({
      lines: [],
      last: 4,
      more: false,
      parties: [],
    });
  });
});

describe('the host', () => {
  it('mutes someone, who hears of it and may unmute', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    const { producerId } = await microphone(bob);
    await ada.request('mutePeer', { peerId: bob.joined.peerId });
    await until(() => bob.notificationsOf('youWereMuted').length === 1);
    expect(bob.notificationsOf('youWereMuted')[0]?.by).toBe('Ada');
    await until(() => meeting.happened.includes('1 muted'));
    await bob.request('resumeProducer', { producerId });
    await until(() => meeting.happened.includes('1 unmuted'));
  });

  it('removes someone with all their devices, and they stay out', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    const tablet = await enter('Bob');
    await ada.request('removePeer', { peerId: bob.joined.peerId });
    expect([await bob.closed(), await tablet.closed()]).toEqual([4403, 4403]);
    expect(bob.notificationsOf('removed')[0]?.by).toBe('Ada');
    const again = await connect(meeting.urlOf('Bob'));
    expect(await again.refused('join', { rtpCapabilities: capabilities() })).toMatchObject({
      code: 'not-allowed',
      sentence: 'The host removed you from this meeting.',
    });
    expect(
      await again.refused('join', {
        rtpCapabilities: capabilities(),
        resumeToken: bob.joined.resumeToken,
      }),
    ).toMatchObject({ code: 'not-allowed' });
    expect(meeting.happened).toContain('bob removed');
    expect(await ada.refused('removePeer', { peerId: ada.joined.peerId })).toMatchObject({
      code: 'bad-request',
    });
  });

  it('ends it for all', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    await microphone(bob);
    await ada.request('end', {});
    expect([await ada.closed(), await bob.closed()]).toEqual([4410, 4410]);
    expect(bob.notificationsOf('meetingEnded')).toEqual([{ notification: 'meetingEnded', by: 'Ada' }]);
    await until(() => meeting.happened.includes('no longer transcribes 1'));
    expect(meeting.happened).toContain('ended by ada');
    const late = await connect(meeting.urlOf('Cleo'));
    expect((await late.refused('join', { rtpCapabilities: capabilities() })).sentence).toBe(
      'This meeting has ended.',
    );
  });

  it('is the only one who may', async () => {
    const ada = await enter('Ada&host');
    const bob = await enter('Bob');
    const { peerId } = ada.joined;
    for (const refused of [
      await bob.refused('mutePeer', { peerId }),
      await bob.refused('removePeer', { peerId }),
      await bob.refused('setCaptions', { on: false }),
      await bob.refused('end', {}),
    ]) {
      expect(refused.code).toBe('not-allowed');
    }
    expect(meeting.participants().size).toBe(2);
    expect(meeting.meeting.captions.on).toBe(true);
  });
});

describe('a channel that is lost', () => {
  it('keeps the participant and its media; the token resumes it with everything as it was', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    await microphone(bob);
    await bob.request('raiseHand', { raised: true });
    await bob.request('captionsWanted', { wanted: false });
    bob.cut();
    await until(() => ada.notificationsOf('peerUpdated').at(-1)?.peer.connected === false);
    expect(ada.notificationsOf('peerLeft')).toEqual([]);
    expect(ada.notificationsOf('consumerClosed')).toEqual([]);

    const back = await connect(meeting.urlOf('Bob'));
    const joined = await join(back, bob.joined.resumeToken);
    expect(joined).toMatchObject({
      resumed: true,
      peerId: bob.joined.peerId,
      consented: true,
      captionsWanted: false,
    });
    expect(joined.peers.find(({ peerId }) => peerId === joined.peerId)).toMatchObject({
      partyIndex: 1,
      handRaised: true,
      connected: true,
    });
    // The media of the line before is not this page's to use, and goes once it makes its own.
    expect(
      (
        await back.refused('produce', {
          source: 'camera',
          rtpParameters: simulcast(),
          paused: false,
        })
      ).code,
    ).toBe('wrong-order');
    await back.request('createTransport', { direction: 'send' });
    await until(() => ada.notificationsOf('consumerClosed').length === 1);
    await microphone(back);
    await until(() => ada.notificationsOf('newConsumer').length === 2);
    expect(meeting.happened.filter((line) => line.includes('left'))).toEqual([]);
  });

  it('tells the new page nothing of what the earlier one received', async () => {
    const ada = await enter('Ada');
    const bob = await enter('Bob');
    const { producerId } = await microphone(ada);
    await until(() => bob.notificationsOf('newConsumer').length === 1);
    const back = await connect(meeting.urlOf('Bob'));
    await join(back, bob.joined.resumeToken);
    const watcher = await enter('Cleo');
    await until(() => watcher.notificationsOf('newConsumer').length === 1);
    await ada.request('pauseProducer', { producerId });
    await until(() => watcher.notificationsOf('consumerPaused').length === 1);
    await back.request('ping', {});
    expect(back.notificationsOf('peerUpdated').at(-1)?.peer.microphone).toBe('muted');
    expect(back.notificationsOf('consumerPaused')).toEqual([]);
    expect(back.notificationsOf('newConsumer')).toEqual([]);
  });

  it('resumes from a channel that only seems alive', async () => {
    const ada = await enter('Ada');
    const back = await connect(meeting.urlOf('Ada'));
    expect((await join(back, ada.joined.resumeToken)).peerId).toBe(ada.joined.peerId);
    expect(await ada.closed()).toBe(4409);
    expect(meeting.participants().get(ada.joined.peerId)?.channel?.open).toBe(true);
  });

  it('gives a page that was loaded again, without its token, the lost participant of the same person', async () => {
    const ada = await enter('Ada');
    const watcher = await enter('Bob');
    ada.cut();
    await until(() => watcher.notificationsOf('peerUpdated').some(({ peer }) => !peer.connected));
    const back = await connect(meeting.urlOf('Ada'));
    expect((await join(back)).peerId).toBe(ada.joined.peerId);
  });

  it('resumes in the browser that it was in when the same person comes with another', async () => {
    const ada = await enter('Ada&browser=laptop');
    const watcher = await enter('Bob');
    ada.cut();
    await until(() => watcher.notificationsOf('peerUpdated').some(({ peer }) => !peer.connected));
    const phone = await connect(meeting.urlOf('Ada&browser=phone'));
    expect((await join(phone)).peerId).not.toBe(ada.joined.peerId);
    const back = await connect(meeting.urlOf('Ada&browser=laptop'));
    expect((await join(back)).peerId).toBe(ada.joined.peerId);
    expect(phone.isClosed()).toBe(false);
  });

  it('gives another tab of the same browser the place of the earlier one', async () => {
    const earlier = await enter('Ada&browser=laptop');
    const phone = await enter('Ada&browser=phone');
    const later = await connect(meeting.urlOf('Ada&browser=laptop'));
    expect((await join(later)).peerId).toBe(earlier.joined.peerId);
    expect(await earlier.closed()).toBe(4409);
    expect(phone.isClosed()).toBe(false);
    expect(meeting.participants().size).toBe(2);
  });

  it('resumes on another device of the same person rather than refuse it as one too many', async () => {
    const devices = [];
    for (const device of [1, 2, 3, 4, 5]) devices.push(await enter(`Ada&browser=${device}`));
    const [first] = devices;
    const sixth = await connect(meeting.urlOf('Ada&browser=6'));
    expect((await sixth.refused('join', { rtpCapabilities: capabilities() })).code).toBe('full');
    first!.cut();
    await until(() => meeting.participants().get(first!.joined.peerId)?.channel === null);
    expect((await join(sixth)).peerId).toBe(first!.joined.peerId);
  });

  it('resumes no other person for a token', async () => {
    const ada = await enter('Ada');
    const mallory = await connect(meeting.urlOf('Mallory'));
    const joined = await join(mallory, ada.joined.resumeToken);
    expect(joined.resumed).toBe(false);
    expect(joined.peerId).not.toBe(ada.joined.peerId);
    expect(ada.isClosed()).toBe(false);
  });

  it('removes the participant after the grace, and the same person joins again as the same party', async () => {
    await meeting.close();
    const clock = createVirtualClock();
    meeting = await startMeeting(workers, { clock });
    const ada = await enter('Ada');
    await enter('Bob');
    ada.cut();
    await until(() => meeting.participants().get(ada.joined.peerId)?.channel === null);
    await clock.advance(29_000);
    expect(meeting.happened).not.toContain('0 left, 1 browsers here');
    await clock.advance(1_000);
    expect(meeting.happened).toContain('0 left, 1 browsers here');
    const back = await connect(meeting.urlOf('Ada'));
    const joined = await join(back, ada.joined.resumeToken);
    expect(joined.resumed).toBe(false);
    expect(joined.peers.find(({ peerId }) => peerId === joined.peerId)?.partyIndex).toBe(0);
  });
});
