import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { concludeFromLines } from '../../../src/flows/meetings/conclude.ts';
import { MEETINGS } from '../../../src/flows/sentences.ts';
import { BOT_TOKEN } from '../../sandbox/slack/workspace.ts';
import { until } from '../../support/until.ts';
import { type Copy, enter, linkFor, type MeetingStage, openMeetingStage } from '../support/meetings.ts';

let stage: MeetingStage;
beforeEach(async () => {
  stage = await openMeetingStage();
});
afterEach(() => stage.close(), 60_000);

const range = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);
/** The markers in a text, in their order. */
const markersIn = (texts: readonly string[]): number[] =>
  texts.flatMap((text) => [...text.matchAll(/\bM(\d+)/g)].map(([, number]) => Number(number)));
const captionsOf = async (thread: () => Promise<string[]>): Promise<string[]> =>
  (await thread()).filter((text) => !text.includes('speaker'));
const settled = async (id: string, name: string): Promise<unknown> =>
  until(
    async () => {
      const conversation = await stage.storage.store.transact((tx) => tx.conversation(id as never));
      return conversation?.state.name === name && conversation;
    },
    { what: `a meeting that is ${name}` },
  );

describe('captions in the thread', () => {
  it('are all there once and in order, however often Slack says to wait', async () => {
    const { id, passOf, thread } = await stage.meet('Rate limits');
    const ann = await enter(stage.one, passOf(0), 0);
    const bob = await enter(stage.one, passOf(1), 1);
    await stage.fail('rate-limit-posts:4');
    // Four stretches of the meeting, a minute and more apart.
    for (let minute = 0; minute < 8; minute += 1) {
      ann.say(range(minute * 10, 3), minute * 60_000);
      bob.say(range(minute * 10 + 5, 3), minute * 60_000 + 5_000);
    }
    const expected = range(0, 8).flatMap((minute) => [
      ...range(minute * 10, 3),
      ...range(minute * 10 + 5, 3),
    ]);
    await until(async () => markersIn(await captionsOf(thread)).length >= expected.length, {
      what: 'every word in the thread',
    });
    const texts = await captionsOf(thread);
    expect(markersIn(texts)).toEqual(expected);
    expect(texts).toHaveLength(4);
    // Final on the pages too, each once.
    const finals = stage.one.doors.captions.filter(({ isFinal }) => isFinal).map(({ text }) => text);
    expect(markersIn(finals).toSorted((a, b) => a - b)).toEqual(expected);
    expect(stage.one.doors.isOpen(id)).toBe(true);
  });

  it('come late, are said to come late, and come whole when the engine stays away for a while', async () => {
    const { passOf, thread } = await stage.meet('Busy engine');
    stage.engine.live.script(
      { mode: 'refuse', status: 503 },
      { mode: 'refuse', status: 429, retryAfterS: 1 },
    );
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say(range(1, 20), 1_000);
    await until(() => stage.one.doors.told.includes('delayed true'), { what: 'the delay' });
    await until(async () => markersIn(await captionsOf(thread)).length >= 20, { what: 'the words' });
    expect(markersIn(await captionsOf(thread))).toEqual(range(1, 20));
    await until(() => stage.one.doors.told.includes('delayed false'), { what: 'the end of the delay' });
  });
});

/** As somebody who may: Parley itself is not told. */
const deleteMessage = async (ts: string): Promise<void> => {
  const response = await fetch(`${stage.workspace.url}/api/chat.delete`, {
    method: 'POST',
    headers: { authorization: `Bearer ${BOT_TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify({ channel: stage.channelId, ts }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
};

describe('a message that somebody deletes', () => {
  it('stays deleted, and neither the captions after it nor the result wait for it', async () => {
    const { id, passOf, thread } = await stage.meet('Not for everybody');
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say([1, 2], 0);
    await until(async () => markersIn(await captionsOf(thread)).includes(2), { what: 'a first message' });
    const { thread: place } = (await stage.storage.store.transact((tx) => tx.conversation(id)))!;
    const [, captions] = await stage.workspace.thread(stage.channelId, place!.rootId);
    await deleteMessage(captions!.ts);
    // More for the message that is gone, and then for the next one.
    ann.say([3], 10_000);
    ann.say([4, 5], 200_000);
    await until(async () => markersIn(await captionsOf(thread)).includes(5), { what: 'the next message' });
    expect(markersIn(await captionsOf(thread))).toEqual([4, 5]);
    await deleteMessage(place!.rootId);
    await stage.one.requests.endMeeting(id, passOf(0).personId);
    await settled(id, 'published');
    const result = (await thread()).find((text) => text.includes('1 speaker'));
    expect(markersIn([result!])).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('the end of a meeting', () => {
  it('awaits the last words, and becomes a result with everybody’s own name', async () => {
    const { id, passOf, thread } = await stage.meet('Wrap-up');
    const ann = await enter(stage.one, passOf(0), 0);
    const bob = await enter(stage.one, passOf(1), 1);
    ann.say(range(1, 10), 0);
    bob.say(range(101, 5), 2_000);
    expect(await stage.one.requests.endMeeting(id, passOf(1).personId)).toMatchObject({ outcome: 'refused' });
    expect(await stage.one.requests.endMeeting(id, passOf(0).personId)).toEqual({ outcome: 'accepted' });
    await settled(id, 'published');
    const result = (await thread()).find((text) => text.includes('2 speakers'));
    expect(result).toContain(ann.joined);
    expect(result).toContain(bob.joined);
    const { heard, names } = await stage.storage.store.transact(async (tx) => ({
      heard: await tx.transcription(id),
      names: await tx.speakerNames(id),
    }));
    const words = (speaker: number) =>
      markersIn(heard!.words.filter((word) => word.speaker === speaker).map(({ text }) => text));
    expect([words(0), words(1)]).toEqual([range(1, 10), range(101, 5)]);
    expect(names).toEqual({
      '0:0': { name: ann.joined, memberId: passOf(0).personId },
      '0:1': { name: bob.joined, memberId: passOf(1).personId },
    });
    expect(markersIn(await captionsOf(thread))).toEqual([...range(1, 10), ...range(101, 5)]);
    expect(await stage.one.requests.meetingLink(id, stage.workspaceId, passOf(0).personId)).toMatchObject({
      refused: expect.stringContaining('has ended'),
    });
    expect(stage.one.doors.told.filter((what) => what.startsWith('ended'))).toEqual([
      `ended by ${ann.joined}`,
    ]);
  });

  it('is made of its captions once: who comes to it late takes away no name that was given since', async () => {
    const { id, passOf } = await stage.meet('Named');
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say([1, 2], 0);
    await stage.one.requests.endMeeting(id, passOf(0).personId);
    await settled(id, 'published');
    const given = { '0:0': { name: 'Somebody else, at Ann’s desk' } };
    await stage.one.requests.nameSpeakers(id, passOf(1).personId, given);
    await stage.storage.store.transact((tx) => concludeFromLines(tx, systemClock, id));
    expect(await stage.storage.store.transact((tx) => tx.speakerNames(id))).toEqual(given);
  });

  it('tells of talk time as it grows, as the result then has it', async () => {
    const { passOf } = await stage.meet('Bars');
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say(range(1, 10), 0);
    await until(() =>
      stage.one.doors.told.some((what) => what === 'talk time [{"partyIndex":0,"speakingMs":1000}]'),
    );
  });
});

describe('a link', () => {
  it('is the browser’s that brings it first, on every copy and after a restart; others learn nothing of the meeting', async () => {
    const { id, passOf } = await stage.meet('Salaries');
    const link = linkFor(passOf(1));
    const taken = { closed: expect.stringContaining('opened in another browser') };
    // Whoever only fetches the page is nobody.
    await stage.one.access.info({ ...link, browser: null });
    expect(await stage.one.access.info(link)).toMatchObject({ title: 'Salaries', closed: null });

    const copied = { ...link, browser: 'a stranger’s' };
    const staysOut = async (copy: Copy): Promise<void> => {
      const info = await copy.access.info(copied);
      expect(info).toMatchObject({ ...taken, title: 'Meeting', name: 'Someone' });
      for (const brought of [copied, { ...copied, browser: null }, { ...copied, expired: true }]) {
        const refused = { kind: 'closed', sentence: taken.closed, final: true };
        expect(await copy.access.admit(brought)).toEqual(refused);
      }
      expect(copy.doors.isOpen(id)).toBe(false);
    };
    await staysOut(stage.one);
    await staysOut(await stage.copy('two'));
    const three = await stage.restart('three');
    await staysOut(three);
    expect(await three.access.admit(link)).toMatchObject({ kind: 'hosted' });
    // Another link of the same person is another matter.
    const onTheTelephone = linkFor(passOf(1), { browser: 'a telephone’s' });
    expect(await three.access.admit(onTheTelephone)).toMatchObject({ kind: 'hosted' });
  });

  it('is nobody’s where the browser does not say which it is', async () => {
    const { passOf } = await stage.meet('Anonymous');
    expect(await stage.one.access.admit(linkFor(passOf(0), { browser: null }))).toMatchObject({
      kind: 'closed',
      sentence: expect.stringContaining('Reload this page'),
    });
  });

  it('that has expired is taken from who has been in, to come back with, and from nobody else', async () => {
    const { passOf } = await stage.meet('Long');
    const late = linkFor(passOf(0), { expired: true });
    const sentence = expect.stringContaining('expired');
    expect(await stage.one.access.info(late)).toMatchObject({ closed: sentence });
    expect(await stage.one.access.admit(late)).toMatchObject({ kind: 'closed', sentence });
    await enter(stage.one, passOf(0), 0);
    await until(async () => (await stage.one.access.info(late))?.closed === null);
    expect(await stage.one.access.admit(late)).toMatchObject({ kind: 'hosted' });
  });
});

describe('several copies of Parley', () => {
  it('never carry one meeting twice: the second leads to the first, and ends it there when asked', async () => {
    const { id, passOf } = await stage.meet('One place');
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say([1], 0);
    const two = await stage.copy('two');
    expect(await two.access.admit(linkFor(passOf(1)))).toEqual({ kind: 'redirect', url: stage.one.url });
    expect(await two.access.info(linkFor(passOf(1)))).toMatchObject({
      redirectUrl: stage.one.url,
      closed: null,
    });
    expect(await two.requests.meetingLink(id, stage.workspaceId, passOf(1).personId)).toEqual({
      url: `${stage.one.url}/${passOf(1).personId}`,
    });
    expect(await two.requests.endMeeting(id, passOf(0).personId)).toEqual({ outcome: 'accepted' });
    await settled(id, 'published');
    expect(stage.one.doors.isOpen(id)).toBe(false);
  });

  it('take a meeting over with all that was said, who is who, and who must stay out', async () => {
    const { id, passOf, thread } = await stage.meet('Moves');
    const ann = await enter(stage.one, passOf(0), 0);
    const bob = await enter(stage.one, passOf(1), 1);
    ann.say(range(1, 5), 0);
    bob.say(range(11, 5), 1_000);
    stage.one.doors.optionsOf(id).on.removed(passOf(2).personId);
    stage.one.doors.optionsOf(id).on.captionsSwitched(false);
    await stage.one.meetings.close();

    const two = await stage.copy('two');
    const back = await enter(two, passOf(1), 1);
    const options = two.doors.optionsOf(id);
    expect(options.parties).toEqual([passOf(0).personId, passOf(1).personId]);
    expect(options.removed).toEqual([passOf(2).personId]);
    expect(options.captionsOn).toBe(false);
    expect(options.nowMs()).toBeGreaterThanOrEqual(1_500);
    expect(await two.access.admit(linkFor(passOf(2)))).toMatchObject({ kind: 'closed', final: true });
    const past = options.transcript(0);
    expect(markersIn(past.lines.map(({ text }) => text)).toSorted((a, b) => a - b)).toEqual([
      ...range(1, 5),
      ...range(11, 5),
    ]);
    back.say(range(21, 3), 20_000);
    await until(async () => markersIn(await captionsOf(thread)).includes(23), {
      what: 'what is said after it',
    });
    expect(markersIn(await captionsOf(thread))).toEqual([...range(1, 5), ...range(11, 5), ...range(21, 3)]);
    const lines = await stage.storage.store.transact((tx) => tx.lines(id));
    expect(lines.map(({ number }) => number)).toEqual(range(1, lines.length));
  });
});

describe('an engine that refuses a speaker', () => {
  it('is asked again a while later, and hears what they say from then on', async () => {
    const { passOf, thread } = await stage.meet('Refused');
    stage.engine.live.script({ mode: 'refuse', status: 401 });
    const ann = await enter(stage.one, passOf(0), 0);
    ann.say([1], 0);
    await until(() => stage.one.doors.told.includes('delayed true'), { what: 'that captions are late' });
    ann.say([2], 5_000);
    ann.say([3], 60_000);
    ann.say([4], 61_000);
    await until(async () => markersIn(await captionsOf(thread)).includes(4), { what: 'the next words' });
    expect(markersIn(await captionsOf(thread))).toEqual([3, 4]);
    await until(() => stage.one.doors.told.includes('delayed false'), { what: 'that they are not any more' });
  });
});

describe('a chat service that does not answer', () => {
  it('keeps nobody out: who comes has no name until it does', async () => {
    const { passOf } = await stage.meet('Slack is away');
    await stage.fail('api-hang');
    const { personId } = passOf(1);
    expect(await stage.one.access.admit(linkFor(passOf(1)))).toEqual({
      kind: 'hosted',
      person: { personId, name: 'Someone', host: false },
    });
    await stage.fail();
    await until(async () => (await stage.one.access.info(linkFor(passOf(1))))?.name !== 'Someone', {
      what: 'a name',
    });
    expect((await stage.one.access.info(linkFor(passOf(1))))?.name).not.toBe(personId);
  });
});

describe('asking for a meeting', () => {
  it('is refused with what is missing where there is no media worker', async () => {
    stage.one.doors.without('Meetings need the program mediasoup-worker, which is not here.');
    await expect(stage.meet('Nothing here')).rejects.toThrow('mediasoup-worker');
  });

  it('makes one meeting of one request, however often it is delivered', async () => {
    const request = {
      workspaceId: stage.workspaceId,
      channelId: stage.channelId as never,
      by: stage.people[0]!,
      title: '',
      origin: 'the same',
    };
    await Promise.all([1, 2, 3].map(() => stage.one.requests.openMeeting(request)));
    const recent = await stage.one.requests.recentConversations(stage.workspaceId, stage.people[0]!);
    expect(recent.map(({ title }) => title)).toEqual(['Meeting']);
    const other = await stage.one.requests.meetingLink(recent[0]!.id, 'T-other' as never, stage.people[0]!);
    expect(other).toEqual({ refused: MEETINGS.notFound });
  });
});

describe('an empty meeting', () => {
  it('to which nobody ever came ends when it is looked at, and says nothing in its thread', async () => {
    const { id, thread } = await stage.meet('Nobody came');
    const context = { attempt: 1, signal: AbortSignal.timeout(10_000) };
    await stage.one.handlers['watch-meeting'].run({ name: 'watch-meeting', conversationId: id }, context);
    await settled(id, 'failed');
    expect(await thread()).toEqual([]);
  });

  it('waits a little for somebody to come back, and ends as of when the last one left', async () => {
    const short = await openMeetingStage({ graceMs: 300 });
    try {
      const { id, passOf } = await short.meet('Short');
      const ann = await enter(short.one, passOf(0), 0);
      ann.say([1, 2, 3], 0);
      ann.leave(0);
      const again = await enter(short.one, passOf(0), 0);
      const leftAtMs = Date.now();
      again.leave(0);
      const ended = await until(async () => {
        const conversation = await short.storage.store.transact((tx) => tx.conversation(id));
        return conversation?.kind === 'meeting' && conversation.state.name === 'published' && conversation;
      });
      expect(ended.endedAtMs! - leftAtMs).toBeLessThan(200);
    } finally {
      await short.close();
    }
  });
});
