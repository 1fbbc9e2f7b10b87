import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId } from '../../../src/core/ids.ts';
import { concludeFromLines } from '../../../src/flows/meetings/conclude.ts';
import { MEETINGS } from '../../../src/flows/sentences.ts';
import { join, linkFor, markers, markersIn, openMeeting, passOf, range } from '../support/meeting.ts';
import { ANA, BEN, channelId, createStage, openStage, settle, workspaceId } from '../support/stage.ts';

describe('the end of a meeting', () => {
  it('waits for the last words, and becomes a result with everyone’s name', async () => {
    const stage = await openStage();
    const { one, clock } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    const ben = await join(one, id, BEN);
    ana.say(markers(range(1, 10)), 0);
    ben.say(markers(range(101, 5)), 2_000);
    expect(await one.requests.endMeeting(id, BEN)).toEqual({
      outcome: 'refused',
      sentence: MEETINGS.hostOnly,
    });
    expect(await one.requests.endMeeting(id, ANA)).toEqual({ outcome: 'accepted' });
    await clock.advance(60_000);
    expect((await stage.conversation(id))!.state.name).toBe('published');
    const thread = await stage.threadOf(id);
    const result = thread.find((text) => text.includes('2 speakers'));
    expect(result).toContain(ana.name);
    expect(result).toContain(ben.name);
    const captions = thread.filter((text) => !text.includes('speaker'));
    expect(markersIn(captions)).toEqual([...range(1, 10), ...range(101, 5)]);
    const { transcription, names } = await stage.transact(async (tx) => ({
      transcription: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    const wordsOf = (speaker: number) =>
      markersIn(transcription!.words.filter((word) => word.speaker === speaker).map(({ text }) => text));
    expect([wordsOf(0), wordsOf(1)]).toEqual([range(1, 10), range(101, 5)]);
    expect(names).toEqual({
      '0:0': { name: ana.name, memberId: ANA },
      '0:1': { name: ben.name, memberId: BEN },
    });
    const refused = MEETINGS.ended('meeting');
    expect(await one.requests.meetingLink(id, workspaceId, ANA)).toEqual({ refused });
    expect(one.rooms.room(id).endedBy).toBe(ana.name);
  });

  it('leaves nothing running', async () => {
    const stage = await openStage();
    const id = await openMeeting(stage, stage.one);
    const ana = await join(stage.one, id, ANA);
    ana.say('M1', 0);
    await stage.clock.advance(1_000);
    await stage.one.requests.endMeeting(id, ANA);
    await stage.clock.advance(120_000);
    // All but the job that watches whether it is hosted, which finds that it is over.
    await stage.clock.advance(24 * 3_600_000);
    expect(stage.clock.pendingTimers).toBe(0);
  });

  it('is made of its captions once: a second time overwrites no name that was given since', async () => {
    const stage = await openStage();
    const { one, clock } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    ana.say('M1 M2', 0);
    await clock.advance(1_000);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(60_000);
    const given = { '0:0': { name: 'Someone else, at Ana’s desk' } };
    await one.requests.nameSpeakers(id, BEN, given);
    await stage.transact((tx) => concludeFromLines(tx, clock, id));
    expect(await stage.transact((tx) => tx.speakerNames(id))).toEqual(given);
  });

  it('shows talk time while it grows, as the result then has it', async () => {
    const stage = await openStage();
    const id = await openMeeting(stage, stage.one);
    const ana = await join(stage.one, id, ANA);
    ana.say(markers(range(1, 10)), 0);
    await stage.clock.advance(10_000);
    expect(stage.one.rooms.room(id).talkTimes).toEqual([[{ partyIndex: 0, speakingMs: 1_000 }]]);
  });
});

describe('a meeting that cannot end as it should', () => {
  const unstorable = new AppError({ code: 'unexpected', retryable: false, userMessage: 'Never.' });

  it.each(['ending', 'ended'])(
    'writes nothing more, and leaves its lease to expire, when “%s” is not stored',
    async (state) => {
      const stage = await openStage();
      const { one, chat, clock } = stage;
      const id = await openMeeting(stage, one);
      const ana = await join(one, id, ANA);
      ana.say('M1', 0);
      await clock.advance(5_000);
      stage.setStoreFault((tx) => ({
        ...tx,
        saveConversation: async (conversation) => {
          if (conversation.state.name === state) throw unstorable;
          await tx.saveConversation(conversation);
        },
      }));
      // Neither the words nor the card can be written before it closes.
      chat.fail('unavailable', Number.POSITIVE_INFINITY);
      ana.say('M2', 6_000);
      await clock.advance(500);
      ana.browser.end();
      await clock.advance(6_000);
      expect(one.rooms.isOpen(id)).toBe(false);
      chat.recover();
      // Until `watch-meeting` ends it: when the lease has expired, and the grace period is over.
      await clock.advance(50_000);
      expect(markersIn(await stage.threadOf(id))).toEqual([1]);
      expect((await stage.transact((tx) => tx.lease(id)))!.expiredForMs).toBeGreaterThan(40_000);

      stage.setStoreFault(null);
      await clock.advance(120_000);
      expect((await stage.conversation(id))!.state.name).toBe('published');
      expect(markersIn((await stage.threadOf(id)).filter((text) => !text.includes('speaker')))).toEqual([
        1, 2,
      ]);
    },
  );

  it('and one whose room cannot be opened leaves nothing running', async () => {
    const stage = createStage();
    const { clock } = stage;
    const noWorker = new AppError({ code: 'media-failed', retryable: true, userMessage: 'No worker.' });
    const rooms = { unavailableReason: () => null, open: () => Promise.reject(noWorker) };
    const one = stage.instance('one', { rooms });
    await one.work();
    const id = await openMeeting(stage, one);
    const before = clock.pendingTimers;
    await expect(one.access.admit(linkFor(passOf(id, ANA)))).rejects.toThrow('media-failed');
    // One more job watches the meeting, which someone tried to join.
    await clock.advance(0);
    expect(clock.pendingTimers).toBe(before);
    expect((await stage.transact((tx) => tx.lease(id)))!.expiredForMs).toBeGreaterThan(0);
  });
});

describe('a request for a meeting', () => {
  it('is refused with what is missing where there is no media worker', async () => {
    const stage = await openStage();
    stage.one.rooms.setUnavailable('Meetings need the program mediasoup-worker, which is missing.');
    await expect(openMeeting(stage, stage.one)).rejects.toThrow('mediasoup-worker');
  });

  it('makes one meeting, however often it is delivered', async () => {
    const stage = await openStage();
    const { one } = stage;
    const request = { workspaceId, channelId, by: ANA, title: '', origin: 'the same' };
    await Promise.all([1, 2, 3].map(() => one.requests.openMeeting(request)));
    await settle(stage.clock);
    const recent = await one.requests.recentConversations(workspaceId, ANA);
    expect(recent.map(({ title }) => title)).toEqual(['Meeting']);
    const elsewhere = await one.requests.meetingLink(recent[0]!.id, 'T2' as never, ANA);
    expect(elsewhere).toEqual({ refused: MEETINGS.notFound });
  });

  it('of an unknown meeting is answered', async () => {
    const { one } = await openStage();
    const id = randomUUID() as ConversationId;
    expect(await one.requests.meetingLink(id, workspaceId, ANA)).toEqual({ refused: MEETINGS.notFound });
    expect(await one.access.info(linkFor(passOf(id, ANA)))).toBeNull();
  });
});
