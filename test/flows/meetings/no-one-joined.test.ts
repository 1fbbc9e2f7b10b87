import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { phonePersonId } from '../../../src/core/calls/person.ts';
import type { ConversationId, LegId } from '../../../src/core/ids.ts';
import { MEETINGS } from '../../../src/flows/sentences.ts';
import { linkFor, openMeeting, passOf } from '../support/meeting.ts';
import { ANA, channelId, createStage, type Stage, settle, workspaceId } from '../support/stage.ts';

const HOUR_MS = 3_600_000;
const context = { attempt: 1, signal: new AbortController().signal };

const meetingOf = async (stage: Stage, id: ConversationId) => {
  const conversation = await stage.conversation(id);
  if (conversation?.kind !== 'meeting') throw new Error('there is no such meeting');
  return conversation;
};

describe('a meeting that no one joins', () => {
  it('is closed after its time, also when Parley was restarted meanwhile, and who comes late is told', async () => {
    const stage = createStage();
    const one = stage.instance('one');
    const request = { workspaceId, channelId, by: ANA, title: 'Budget <2027>', origin: randomUUID() };
    await one.requests.openMeeting(request);
    const [opening] = await one.requests.recentConversations(workspaceId, ANA);
    const id = opening!.id;
    // Its card is shown for a moment before that is stored: who presses Join by then waits for it.
    const link = one.requests.meetingLink(id, workspaceId, ANA);
    await one.handlers['open-meeting'].run({ name: 'open-meeting', conversationId: id }, context);
    await stage.clock.advance(100);
    expect(await link).toEqual({ url: `${one.url}/${ANA}` });

    one.kill();
    const two = stage.instance('two');
    await two.work();
    await stage.clock.advance(24 * HOUR_MS - 1_000);
    expect((await meetingOf(stage, id)).state.name).toBe('open');
    await stage.clock.advance(1_000);
    const { state, thread } = await meetingOf(stage, id);
    expect(state).toMatchObject({ name: 'failed', code: 'no-speech' });
    const card = stage.chat.messages({ workspaceId, channelId }).at(-1)!;
    expect(card.messageId).toBe(thread!.rootId);
    expect(card.message).toMatchObject({ kind: 'meeting-card', state: 'ended', startedAtMs: null });
    expect(await stage.threadOf(id)).toEqual([]);

    const refused = MEETINGS.noOneJoined;
    const late = linkFor(passOf(id, ANA));
    expect(await two.requests.meetingLink(id, workspaceId, ANA)).toEqual({ refused });
    expect(await two.access.info(late)).toMatchObject({ closed: refused });
    expect(await two.access.admit(late)).toEqual({ kind: 'closed', sentence: refused, final: true });
  });

  it('is not closed once someone has joined', async () => {
    const stage = createStage();
    const one = stage.instance('one');
    await one.work();
    const id = await openMeeting(stage, one);
    expect(await one.access.admit(linkFor(passOf(id, ANA)))).toMatchObject({ kind: 'hosted' });
    await one.handlers['watch-meeting'].run({ name: 'watch-meeting', conversationId: id }, context);
    expect((await meetingOf(stage, id)).state).toEqual({ name: 'open' });
  });
});

describe('a meeting with only phones in it', () => {
  it('ends like any other when the last of them has hung up', async () => {
    const stage = createStage();
    const one = stage.instance('one');
    await one.work();
    const id = await openMeeting(stage, one);
    await one.access.admit(linkFor(passOf(id, ANA)));
    const { on } = one.rooms.room(id).options;
    for (const party of [0, 1]) {
      const personId = phonePersonId(`leg-${party}` as LegId);
      on.joined(`participant-${party}`, party, { personId, name: `Phone ${party}`, host: false });
    }
    await stage.clock.advance(60_000);
    on.left('participant-0', { browsers: 0, phones: 1 });
    await stage.clock.advance(120_000);
    const leftAtMs = stage.clock.nowMs();
    on.left('participant-1', { browsers: 0, phones: 0 });
    await stage.clock.advance(60_000);
    await settle(stage.clock);
    const { state, endedAtMs } = await meetingOf(stage, id);
    expect(endedAtMs).toBe(leftAtMs);
    expect(state).toMatchObject({ name: 'failed', code: 'no-speech' });
  });
});
