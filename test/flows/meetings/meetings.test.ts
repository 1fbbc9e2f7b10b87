import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/error.ts';
import type { ConversationId } from '../../../src/core/ids.ts';
import { concludeFromLines } from '../../../src/flows/meetings/conclude.ts';
import { MEETINGS, SOMEONE } from '../../../src/flows/sentences.ts';
import { join, linkFor, markers, markersIn, openMeeting, passOf, range } from '../support/meeting.ts';
import {
  ANA,
  BEN,
  channelId,
  createStage,
  type Instance,
  type StageOptions,
  settle,
  workspaceId,
  YUKI,
} from '../support/stage.ts';

/** A stage with one instance that works on its jobs. */
const openStage = async (options: StageOptions = {}) => {
  const stage = createStage(options);
  const one = stage.instance('one');
  await one.work();
  return { ...stage, one };
};

describe('captions in the thread', () => {
  it('are complete, once and in order, however often Slack says to wait', async () => {
    const { one, chat, clock, threadOf, ...stage } = await openStage();
    const id = await openMeeting({ ...stage, chat, clock, threadOf }, one);
    const ana = await join(one, id, ANA);
    const ben = await join(one, id, BEN);
    chat.fail('rate-limit', 8);
    // Four blocks, more than a minute apart.
    for (let minute = 0; minute < 8; minute += 1) {
      ana.say(markers(range(minute * 10, 3)), minute * 60_000);
      ben.say(markers(range(minute * 10 + 5, 3)), minute * 60_000 + 5_000);
    }
    const expected = range(0, 8).flatMap((minute) => [
      ...range(minute * 10, 3),
      ...range(minute * 10 + 5, 3),
    ]);
    await clock.advance(60_000);
    const texts = await threadOf(id);
    expect(markersIn(texts)).toEqual(expected);
    expect(texts).toHaveLength(4);
    // Final on the pages too, each once.
    const finals = one.rooms.room(id).captions.filter(({ isFinal }) => isFinal);
    const shown = markersIn(finals.map(({ text }) => text));
    expect(shown.toSorted((a, b) => a - b)).toEqual(expected);
    expect(one.rooms.isOpen(id)).toBe(true);
  });

  it('are delayed, and complete, when the engine is away for a while', async () => {
    const stage = await openStage();
    const { one, speech, clock } = stage;
    const id = await openMeeting(stage, one);
    speech.disconnect();
    const ana = await join(one, id, ANA);
    ana.say(markers(range(1, 20)), 1_000);
    await clock.advance(5_000);
    expect(one.rooms.room(id).captionsDelayed).toBe(true);
    expect(await stage.threadOf(id)).toEqual([]);
    speech.reconnect();
    await clock.advance(5_000);
    expect(markersIn(await stage.threadOf(id))).toEqual(range(1, 20));
    expect(one.rooms.room(id).captionsDelayed).toBe(false);
  });
});

describe('a message that someone deletes', () => {
  it('stays deleted, and neither the captions after it nor the result wait for it', async () => {
    const stage = await openStage();
    const { one, chat, clock } = stage;
    const id = await openMeeting(stage, one);
    const { thread } = (await stage.conversation(id))!;
    const ana = await join(one, id, ANA);
    ana.say('M1 M2', 0);
    await clock.advance(10_000);
    const [captions] = chat.messages(thread!);
    expect(markersIn([captions!.text])).toEqual([1, 2]);
    chat.deleteMessage(captions!);
    // More for the message that is gone, and then for the next one.
    ana.say('M3', 10_000);
    ana.say('M4 M5', 200_000);
    await clock.advance(20_000);
    expect(markersIn(await stage.threadOf(id))).toEqual([4, 5]);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(60_000);
    expect((await stage.conversation(id))!.state.name).toBe('published');
    const result = (await stage.threadOf(id)).find((text) => text.includes('1 speaker'));
    expect(markersIn([result!])).toEqual([1, 2, 3, 4, 5]);
  });
});

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
  });
});

describe('a link', () => {
  it('is the browser’s that opens it first, on every instance and after a restart; others learn nothing', async () => {
    const stage = await openStage();
    const { one } = stage;
    const id = await openMeeting(stage, one, 'Salaries');
    const link = linkFor(passOf(id, BEN));
    // A program that only fetches the page has no browser.
    await one.access.info({ ...link, browser: null });
    expect(await one.access.info(link)).toMatchObject({ title: 'Salaries', closed: null });

    const copied = { ...link, browser: 'a stranger’s' };
    const isClosedAt = async ({ access, rooms }: Instance): Promise<void> => {
      expect(await access.info(copied)).toMatchObject({
        closed: MEETINGS.linkTaken,
        title: MEETINGS.untitled,
        name: SOMEONE,
      });
      for (const brought of [copied, { ...copied, browser: null }, { ...copied, expired: true }]) {
        expect(await access.admit(brought)).toEqual({
          kind: 'closed',
          sentence: MEETINGS.linkTaken,
          final: true,
        });
      }
      expect(rooms.isOpen(id)).toBe(false);
    };
    await isClosedAt(one);
    await isClosedAt(stage.instance('two'));
    one.kill();
    const three = stage.instance('three');
    await isClosedAt(three);
    expect(await three.access.admit(link)).toMatchObject({ kind: 'hosted' });
    // Another link of the same person is another matter.
    const onAPhone = linkFor(passOf(id, BEN), { browser: 'a phone’s' });
    expect(await three.access.admit(onAPhone)).toMatchObject({ kind: 'hosted' });
  });

  it('admits no one where the page does not say which browser it is', async () => {
    const stage = await openStage();
    const id = await openMeeting(stage, stage.one);
    expect(await stage.one.access.admit(linkFor(passOf(id, ANA), { browser: null }))).toMatchObject({
      kind: 'closed',
      sentence: MEETINGS.oldPage,
    });
  });

  it('that has expired admits who has been in, to return, and no one else', async () => {
    const stage = await openStage();
    const { one } = stage;
    const id = await openMeeting(stage, one);
    const late = linkFor(passOf(id, ANA), { expired: true });
    const sentence = MEETINGS.linkExpired;
    expect(await one.access.info(late)).toMatchObject({ closed: sentence });
    expect(await one.access.admit(late)).toMatchObject({ kind: 'closed', sentence });
    await join(one, id, ANA);
    await settle(stage.clock);
    expect(await one.access.info(late)).toMatchObject({ closed: null });
    expect(await one.access.admit(late)).toMatchObject({ kind: 'hosted' });
  });
});

describe('several instances', () => {
  it('never host one meeting twice: the second redirects to the first, and ends it there', async () => {
    const stage = await openStage();
    const { one } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    ana.say('M1', 0);
    const two = stage.instance('two');
    expect(await two.access.admit(linkFor(passOf(id, BEN)))).toEqual({ kind: 'redirect', url: one.url });
    expect(await two.access.info(linkFor(passOf(id, BEN)))).toMatchObject({
      redirectUrl: one.url,
      closed: null,
    });
    expect(await two.requests.meetingLink(id, workspaceId, BEN)).toEqual({ url: `${one.url}/${BEN}` });
    expect(await two.requests.endMeeting(id, ANA)).toEqual({ outcome: 'accepted' });
    await stage.clock.advance(60_000);
    expect((await stage.conversation(id))!.state.name).toBe('published');
    expect(one.rooms.isOpen(id)).toBe(false);
  });

  it('take over a meeting with its words, its parties, and who must stay out', async () => {
    const stage = await openStage();
    const { one, clock } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    const ben = await join(one, id, BEN);
    ana.say(markers(range(1, 5)), 0);
    ben.say(markers(range(11, 5)), 1_000);
    const yuki = await join(one, id, YUKI);
    ana.browser.remove(yuki.browser);
    ana.browser.switchCaptions(false);
    await clock.advance(500);
    const closing = one.meetings.close();
    await clock.advance(1_000);
    await closing;

    const two = stage.instance('two');
    const back = await join(two, id, BEN);
    const { options } = two.rooms.room(id);
    expect(options.parties).toEqual([ANA, BEN, YUKI]);
    expect(options.removed).toEqual([YUKI]);
    expect(options.captionsOn).toBe(false);
    expect(options.nowMs()).toBeGreaterThanOrEqual(1_500);
    expect(await two.access.admit(linkFor(passOf(id, YUKI)))).toMatchObject({ kind: 'closed', final: true });
    const past = markersIn(options.transcript(0).lines.map(({ text }) => text));
    expect(past.toSorted((a, b) => a - b)).toEqual([...range(1, 5), ...range(11, 5)]);
    const host = await join(two, id, ANA);
    host.browser.switchCaptions(true);
    back.say(markers(range(21, 3)), 20_000);
    await clock.advance(20_000);
    expect(markersIn(await stage.threadOf(id))).toEqual([...range(1, 5), ...range(11, 5), ...range(21, 3)]);
    const lines = await stage.transact((tx) => tx.lines(id));
    expect(lines.map(({ number }) => number)).toEqual(range(1, lines.length));
  });

  it('lose a meeting that another took over, and close it without ending it', async () => {
    const stage = await openStage();
    const { one, clock } = stage;
    const id = await openMeeting(stage, one);
    await join(one, id, ANA);
    await stage.transact(async (tx) => {
      await tx.releaseLease(id, 'one');
      await tx.takeLease(id, { holder: 'two', url: 'https://two.example' }, 10_000);
    });
    await clock.advance(3_000);
    expect(one.rooms.isOpen(id)).toBe(false);
    expect(one.rooms.room(id).endedBy).toBeUndefined();
    expect((await stage.conversation(id))!.state.name).toBe('open');
    expect(await one.access.admit(linkFor(passOf(id, ANA)))).toMatchObject({ kind: 'redirect' });
  });
});

describe('an engine that refuses a speaker', () => {
  it('is called again a while later, and transcribes what they say from then on', async () => {
    const stage = await openStage();
    const { one, speech, clock } = stage;
    const id = await openMeeting(stage, one);
    speech.refuseLive();
    const ana = await join(one, id, ANA);
    ana.say('M1', 0);
    await clock.advance(1_000);
    expect(one.rooms.room(id).captionsDelayed).toBe(true);
    ana.say('M2', 5_000);
    speech.reconnect();
    ana.say('M3', 60_000);
    ana.say('M4', 61_000);
    await clock.advance(10_000);
    expect(markersIn(await stage.threadOf(id))).toEqual([3, 4]);
    expect(one.rooms.room(id).captionsDelayed).toBe(false);
  });
});

describe('a chat service that does not answer', () => {
  it('keeps no one out: who joins has no name until it does', async () => {
    const stage = createStage();
    let isAway = true;
    const chat = {
      ...stage.chat,
      memberName: (...args: Parameters<typeof stage.chat.memberName>) =>
        isAway ? new Promise<string>(() => {}) : stage.chat.memberName(...args),
    };
    const one = stage.instance('one', { chat });
    await one.work();
    const id = await openMeeting(stage, one);
    const admission = one.access.admit(linkFor(passOf(id, BEN)));
    await stage.clock.advance(2_000);
    expect(await admission).toEqual({
      kind: 'hosted',
      person: { personId: BEN, name: SOMEONE, host: false },
    });
    isAway = false;
    expect(await one.access.info(linkFor(passOf(id, BEN)))).toMatchObject({ name: 'Ben Okafor' });
  });
});

describe('a request for a meeting', () => {
  it('is refused with what is missing where there is no media worker', async () => {
    const stage = await openStage();
    stage.one.rooms.setUnavailable('Meetings need the program mediasoup-worker, which is not here.');
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
