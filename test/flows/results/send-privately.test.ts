import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { responseWith } from '../../../sandbox/engine/scripted/response.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import type { Conversation } from '../../../src/core/conversation/types.ts';
import type { ConversationId } from '../../../src/core/ids.ts';
import { readable } from '../../bot/support/slack-limits.ts';
import { heard, speech } from '../../core/make.ts';
import { heardIn, numberedRecording } from '../../e2e/support/recordings.ts';
import { meeting } from '../../storage/support/samples.ts';
import { until as untilSoon } from '../../support/until.ts';
import { enter, type MeetingStage, openMeetingStage } from '../support/meetings.ts';

/** Channels that people close to Parley before it has the result of what began there. */

/** Ends a hang, and nothing else: a loaded machine takes half a minute for what it does in one second. */
const until = <T>(ask: () => T | Promise<T>, what: string) => untilSoon(ask, { timeoutMs: 200_000, what });

let stage: MeetingStage;
let random: string;
beforeAll(async () => {
  stage = await openMeetingStage();
  random = (await stage.workspace.state()).channels.find(({ name }) => name === 'random')!.id;
});
afterAll(() => stage.close(), 60_000);

const ANA = 0;
const BEN = 1;
const handle = (person: number): string => ['ana', 'ben', 'yuki'][person]!;
const type = (text: string, channel: string) =>
  stage.workspace.command({ channel, as: 'ana', text }) as Promise<{ ok: boolean }>;

/** What Parley sent to this person alone so far, apart from earlier tests. */
const seen = new Set<string>();
const sentTo = async (person: number): Promise<StoredMessage[]> => {
  const { channels } = await stage.workspace.state();
  const direct = channels.find(({ name }) => name === `Parley-${handle(person)}`);
  const messages = direct === undefined ? [] : await stage.workspace.messages(direct.id);
  return messages.filter(({ channel, ts }) => !seen.has(channel + ts));
};
const allSentTo = (person: number, count: number): Promise<StoredMessage[]> =>
  until(
    async () => {
      const sent = await sentTo(person);
      return sent.length >= count && sent;
    },
    `messages to ${handle(person)}: ${count}`,
  );
const sentToAnybody = async (): Promise<StoredMessage[]> => (await Promise.all([0, 1, 2].map(sentTo))).flat();
afterEach(async () => {
  await stage.fail();
  for (const { channel, ts } of await sentToAnybody()) seen.add(channel + ts);
});

const homeSays = (person: number, sentence: string): Promise<unknown> =>
  until(
    async () => readable(await stage.workspace.home(stage.people[person]!)).includes(sentence),
    `a home that says: ${sentence}`,
  );
const found = (person: number, title: string, state: Conversation['state']['name']): Promise<Conversation> =>
  until(async () => {
    const recent = await stage.one.requests.recentConversations(stage.workspaceId, stage.people[person]!);
    return recent.find((one) => one.title === title && one.state.name === state);
  }, `“${title}” that is ${state}`);

/** Ben posts a recording in #random, and people close the channel while the engine is at work on it. */
const closedMeanwhile = async (number: number, answer: unknown, close: string): Promise<StoredMessage> => {
  const { name, bytes } = numberedRecording(number);
  const closed = Promise.withResolvers<void>();
  stage.engine.script({ mode: 'ok', answer, after: closed.promise });
  const asked = stage.engine.requests.length;
  const ben = stage.people[BEN]!;
  const { id } = await stage.workspace.upload({ name, bytes }, ben);
  const root = await stage.workspace.post({ channel: random, as: ben, text: '', files: [id] });
  await stage.engine.until(() => stage.engine.requests.length > asked);
  expect(await type(close, random)).toEqual({ ok: true });
  closed.resolve();
  return root;
};
/** What no command does at Slack either. */
const takeBack = (channel: string) =>
  fetch(`${stage.workspace.url}/control/channels`, {
    method: 'POST',
    body: JSON.stringify({ channel, as: 'ana', archived: false }),
  });

describe('a result for a channel that was closed meanwhile', () => {
  it('of a recording reaches whoever posted it and nobody else, and is posted when they ask again', async () => {
    const { name, ownWord, bytes } = numberedRecording(1);
    const root = await closedMeanwhile(1, heardIn(bytes.length), '/archive');
    const [message, file] = await allSentTo(BEN, 2);
    expect(message!.text.split('\n')[0]).toBe(
      `${name}: Couldn’t post in <#${random}> (the channel is archived), so here it is just for you. Transcript attached.`,
    );
    expect(message!.text).toContain('Speaker 1: 100%');
    const text = (await stage.workspace.bytes(file!.files![0]!)).toString();
    expect(file!.files![0]!.name).toBe('talk-1.txt');
    expect(text).toContain(ownWord);
    await homeSays(
      BEN,
      'Transcribed, but couldn’t be posted (the channel is archived). It’s in your messages with Parley',
    );
    expect(await sentToAnybody()).toHaveLength(2);
    const thread = () => stage.workspace.thread(random, root.ts);
    expect(JSON.stringify(await thread())).not.toContain(ownWord);

    await takeBack(random);
    const { id } = await found(BEN, name, 'undelivered');
    expect(await stage.one.requests.retry(id, stage.people[BEN]!)).toEqual({ outcome: 'accepted' });
    await found(BEN, name, 'published');
    expect((await thread()).map((one) => one.text).join('\n')).toContain(ownWord);
    expect(await sentToAnybody()).toHaveLength(2);
  });

  it('is said not to be there, when nothing was heard, to whoever posted it', async () => {
    const silence = responseWith({ durationMs: 1_000, language: 'en', channels: [[]] });
    await closedMeanwhile(2, silence, '/remove @Parley');
    const [message] = await allSentTo(BEN, 1);
    expect(message!.text).toBe(
      `In <#${random}>: “talk-2.wav” couldn’t be transcribed. Parley listened to the whole recording and heard ` +
        'nobody speak. If somebody does, check whether the right microphone was recorded and whether it is loud enough.',
    );
    expect(await sentToAnybody()).toHaveLength(1);
    await type('/invite @Parley', random);
  });

  it('of a meeting reaches its host, with everybody’s words', async () => {
    const { id, passOf } = await stage.meet('Wrap-up');
    const ann = await enter(stage.one, passOf(ANA), 0);
    const bob = await enter(stage.one, passOf(BEN), 1);
    ann.say([1, 2], 0);
    bob.say([101], 2_000);
    expect(await type('/remove @Parley', stage.channelId)).toEqual({ ok: true });
    await stage.one.requests.endMeeting(id, passOf(ANA).personId);
    const [message, file] = await allSentTo(ANA, 2);
    expect(message!.text).toContain('(Parley is no longer in the channel)');
    expect(message!.text).toContain(`${ann.joined}: `);
    const text = (await stage.workspace.bytes(file!.files![0]!)).toString();
    for (const marker of ['M1', 'M2', 'M101']) expect(text).toContain(marker);
    await homeSays(ANA, '(Parley is no longer in the channel). It’s in your messages');
    expect(await sentToAnybody()).toHaveLength(2);
    await type('/invite @Parley', stage.channelId);
  });
});

describe('a result on its way to one person', () => {
  const unposted = async (): Promise<Conversation> => {
    const id = randomUUID() as ConversationId;
    const conversation = meeting(id, {
      channel: { workspaceId: stage.workspaceId, channelId: random as never },
      title: id,
      startedBy: stage.people[ANA]!,
      state: { name: 'undelivered', because: 'chat-failed', sent: false },
    });
    await stage.storage.store.transact(async (tx) => {
      await tx.addConversation(conversation, id);
      await tx.saveTranscription(id, heard(1_000, ...speech('0:0', 0, 300, 'once and for all')));
    });
    return conversation;
  };
  const send = (id: ConversationId) =>
    stage.one.handlers['send-privately'].run(
      { name: 'send-privately', conversationId: id, revision: 1 },
      { attempt: 1, signal: new AbortController().signal },
    );

  it('comes once, whatever answers of Slack get lost, and is said not to have come until it did', async () => {
    const { id, title } = await unposted();
    await homeSays(ANA, 'couldn’t be posted (Slack refused it)');
    await stage.fail('lost-responses:1');
    await expect(send(id)).rejects.toMatchObject({ retryable: true });
    await stage.fail('lost-responses:1');
    await expect(send(id)).rejects.toMatchObject({ retryable: true });
    await send(id);
    await send(id);
    const sent = await sentTo(ANA);
    expect(sent.map(({ text, files }) => files?.[0]?.name ?? text.split(':')[0])).toEqual([
      title,
      `${title}.txt`,
    ]);
    await homeSays(ANA, '(Slack refused it). It’s in your messages');
  });

  it('stays away when the thread may have it after all', async () => {
    const { id } = await unposted();
    await stage.one.requests.nameSpeakers(id, stage.people[ANA]!, {});
    await send(id);
    expect(await sentToAnybody()).toEqual([]);
  });
});
