import { describe, expect, it } from 'vitest';
import { MEETINGS, SOMEONE } from '../../../src/flows/sentences.ts';
import { join, linkFor, markers, markersIn, openMeeting, passOf, range } from '../support/meeting.ts';
import {
  ANA,
  BEN,
  createStage,
  type Instance,
  openStage,
  settle,
  workspaceId,
  YUKI,
} from '../support/stage.ts';

describe('a link', () => {
  it('is the browser’s that opens it first, on every instance and after a restart; others learn nothing', async () => {
    const stage = await openStage();
    const { one } = stage;
    const id = await openMeeting(stage, one, 'Salaries');
    const link = linkFor(passOf(id, BEN));
    // A program that only fetches the page has no browser.
    await one.access.info({ ...link, browser: null });
    expect(await one.access.info(link)).toMatchObject({
      title: 'Salaries',
      closed: null,
      threadUrl: expect.stringMatching(/^https:/),
    });

    const copied = { ...link, browser: 'a stranger’s' };
    const isClosedAt = async ({ access, rooms }: Instance): Promise<void> => {
      expect(await access.info(copied)).toMatchObject({
        closed: MEETINGS.linkTaken,
        title: MEETINGS.untitled('meeting'),
        threadUrl: null,
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
