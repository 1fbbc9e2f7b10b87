import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import type { ConversationId, LegId } from '../../../src/core/ids.ts';
import { until } from '../../support/until.ts';
import { linkFor, type MeetingStage, openMeetingStage } from '../support/meetings.ts';

let stage: MeetingStage;
afterEach(() => stage.close(), 60_000);

const job = { attempt: 1, signal: new AbortController().signal };
const stateOf = (id: ConversationId) =>
  stage.storage.store.transact(async (tx) => {
    const conversation = await tx.conversation(id);
    if (conversation?.kind !== 'meeting') throw new Error('there is no such meeting');
    return conversation;
  });
const settled = (id: ConversationId, name: string) =>
  until(
    async () => {
      const conversation = await stateOf(id);
      return conversation.state.name === name && conversation;
    },
    { what: `a meeting that is ${name}` },
  );

describe('a meeting to which nobody comes', () => {
  it('is closed after its time, also when Parley was restarted meanwhile, and whoever comes then is told', async () => {
    stage = await openMeetingStage({ waitForFirstMs: 100, idle: true });
    const { one, workspaceId, channelId } = stage;
    const ann = stage.people[0]!;
    await one.requests.openMeeting({
      workspaceId,
      channelId: channelId as never,
      by: ann,
      title: 'Budget <2027>',
      origin: randomUUID(),
    });
    const [asked] = await one.requests.recentConversations(workspaceId, ann);
    const id = asked!.id;
    // Its card shows for a moment before that is stored. Who presses Join by then waits for it.
    const link = one.requests.meetingLink(id, workspaceId, ann);
    await one.handlers['open-meeting'].run({ name: 'open-meeting', conversationId: id }, job);
    expect(await link).toHaveProperty('url');

    const two = await stage.restart('two');
    const over = await settled(id, 'failed');
    expect(over.state).toMatchObject({ message: 'Nobody came, and this meeting is closed.' });
    const [card, ...thread] = await stage.workspace.thread(channelId, over.thread!.rootId);
    expect(card!.text).toContain('Nobody came.');
    expect(JSON.stringify(card!.blocks)).toContain('"action_id":"start_meeting"');
    expect(JSON.stringify(card!.blocks)).not.toContain('join_meeting');
    expect(thread).toEqual([]);

    const sentence = expect.stringContaining('closed because no one joined');
    const late = linkFor({ conversationId: id, workspaceId, personId: ann });
    expect(await two.requests.meetingLink(id, workspaceId, ann)).toEqual({ refused: sentence });
    expect(await two.access.info(late)).toMatchObject({ closed: sentence });
    expect(await two.access.admit(late)).toEqual({ kind: 'closed', sentence, final: true });
  });

  it('is not closed once somebody is in it', async () => {
    stage = await openMeetingStage();
    const { id, passOf } = await stage.meet('Somebody came');
    expect(await stage.one.access.admit(linkFor(passOf(0)))).toMatchObject({ kind: 'hosted' });
    await stage.one.handlers['watch-meeting'].run({ name: 'watch-meeting', conversationId: id }, job);
    expect((await stateOf(id)).state).toEqual({ name: 'open' });
  });
});

describe('a meeting in which only telephones are', () => {
  it('ends as any when the last of them has hung up', async () => {
    stage = await openMeetingStage({ graceMs: 300 });
    const { id, passOf } = await stage.meet('By telephone');
    await stage.one.access.admit(linkFor(passOf(0)));
    const { on } = stage.one.doors.optionsOf(id);
    for (const party of [0, 1]) {
      const personId = phonePersonId(`leg-${party}` as LegId);
      on.joined(`place-${party}`, party, { personId, name: `Telephone ${party}`, host: false });
    }
    on.left('place-0', { browsers: 0, phones: 1 });
    const leftAtMs = Date.now();
    on.left('place-1', { browsers: 0, phones: 0 });
    const over = await settled(id, 'failed');
    expect(over.endedAtMs! - leftAtMs).toBeLessThan(200);
    expect(over.state).toMatchObject({ code: 'no-speech' });
  });
});
