import { describe, expect, it } from 'vitest';
import { join, markers, markersIn, openMeeting, range } from '../../support/meeting.ts';
import { ANA, BEN, openStage } from '../../support/stage.ts';

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

describe('words that cannot be had', () => {
  const INCOMPLETE = /^The captions are incomplete\. .* what was said by (.*)\.$/;

  it('are counted and said in the thread when the meeting ends', async () => {
    const stage = await openStage();
    const { one, speech, clock } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    const ben = await join(one, id, BEN);
    ana.say(markers(range(1, 20)), 1_000);
    await clock.advance(5_000);
    speech.disconnect();
    ana.say(markers(range(30, 70)), 10_000);
    ben.say(markers(range(100, 20)), 20_000);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(60_000);
    const thread = await stage.threadOf(id);
    const told = thread.flatMap((text) => INCOMPLETE.exec(text)?.[1] ?? []);
    expect(told).toEqual([`${ana.name} (0:07), ${ben.name} (0:02)`]);
  });

  it('also those of an engine that refuses a speaker', async () => {
    const stage = await openStage();
    const { one, speech, clock } = stage;
    const id = await openMeeting(stage, one);
    speech.refuseLive();
    const ana = await join(one, id, ANA);
    ana.say(markers(range(1, 10)), 1_000);
    ana.say(markers(range(11, 20)), 3_000);
    await clock.advance(5_000);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(60_000);
    const told = (await stage.threadOf(id)).flatMap((text) => INCOMPLETE.exec(text)?.[1] ?? []);
    expect(told).toEqual([`${ana.name} (0:03)`]);
  });

  it('are not mentioned when there are none', async () => {
    const stage = await openStage();
    const { one, clock } = stage;
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    ana.say(markers(range(1, 20)), 1_000);
    await one.requests.endMeeting(id, ANA);
    await clock.advance(60_000);
    expect((await stage.threadOf(id)).filter((text) => INCOMPLETE.test(text))).toEqual([]);
  });
});
