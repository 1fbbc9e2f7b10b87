import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import type { MeetingConversation } from '../../../src/core/conversation/types.ts';
import type { ConversationId, MemberId } from '../../../src/core/ids.ts';
import { RESULTS } from '../../../src/flows/sentences.ts';
import { speech, transcriptionOf } from '../../core/make.ts';
import type { MemoryMessage } from '../../fakes/memory-chat.ts';
import { meeting, messageId } from '../../storage/support/samples.ts';
import { join, openMeeting } from '../support/meeting.ts';
import { ANA, BEN, channelId, createStage, type Stage, workspaceId, YUKI } from '../support/stage.ts';

/** Channels that people close to Parley before it has posted the result of what began there. */

const WORDS = transcriptionOf(2_000, ...speech('0:0', 0, 300, 'once and for all'));
const context = { attempt: 1, signal: new AbortController().signal };

const sentTo = ({ chat }: Stage, member: MemberId): readonly MemoryMessage[] => chat.directMessages(member);
const sentToAnyone = (stage: Stage) => [ANA, BEN, YUKI].flatMap((member) => sentTo(stage, member));
const textOf = ({ chat }: Stage, { fileIds: [fileId] }: MemoryMessage): string =>
  new TextDecoder().decode(chat.files.uploaded(fileId!)!.bytes);

/** Ben posts a recording, and people close the channel while the engine is at work on it. */
const postAndClose = async (transcription: typeof WORDS) => {
  const stage = createStage({ transcribeMs: 60_000 });
  const one = stage.instance('one');
  await one.work();
  stage.speech.script(transcription);
  const bytes = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });
  const fileId = stage.chat.files.add({ name: 'talk.wav', bytes });
  const rootId = stage.chat.say(channelId);
  const file = { fileId, name: 'talk.wav', mimeType: 'audio/wav', sizeBytes: bytes.length };
  const thread = { workspaceId, channelId, rootId };
  await one.requests.filesPosted({ thread, postedIn: rootId, by: BEN, files: [file], approach: 'posted' });
  await stage.clock.advance(30_000);
  const [recording] = await one.requests.recentConversations(workspaceId, BEN);
  expect(recording!.state.name).toBe('transcribing');
  stage.chat.archive(channelId);
  await stage.clock.advance(600_000);
  return { ...stage, one, id: recording!.id, thread };
};

describe('a result for a channel that was closed meanwhile', () => {
  it('of a recording is sent to the person who posted it and to no one else, and posted when they retry', async () => {
    const stage = await postAndClose(WORDS);
    const { one, id, chat, thread } = stage;
    const [figures, file] = sentTo(stage, BEN);
    expect(figures!.message).toMatchObject({
      kind: 'private-result',
      title: 'talk.wav',
      channelId,
      because: 'channel-archived',
    });
    expect(figures!.text).toContain('Speaker 1');
    expect(chat.files.uploaded(file!.fileIds[0]!)!.name).toBe('talk.txt');
    expect(textOf(stage, file!)).toContain('once and for all');
    expect(sentToAnyone(stage)).toHaveLength(2);
    expect((await stage.conversation(id))!.state).toEqual({
      name: 'undelivered',
      because: 'channel-archived',
      sent: true,
    });
    expect(chat.refreshedHomes.at(-1)).toBe(BEN);
    expect(JSON.stringify(chat.messages(thread))).not.toContain('once and for all');

    chat.archive(channelId, false);
    expect(await one.requests.retry(id, BEN)).toEqual({ outcome: 'accepted' });
    await stage.clock.advance(1_000);
    expect((await stage.conversation(id))!.state.name).toBe('published');
    expect(JSON.stringify(chat.messages(thread))).toContain('once and for all');
    expect(sentToAnyone(stage)).toHaveLength(2);
  });

  it('is said not to be there, when no speech was found, to the person who posted it', async () => {
    const stage = await postAndClose(transcriptionOf(1_000));
    const state = (await stage.conversation(stage.id))!.state;
    if (state.name !== 'failed') throw new Error(`it is ${state.name}`);
    const [message] = sentTo(stage, BEN);
    expect(message!.text).toBe(`In <#${channelId}>: ${RESULTS.notTranscribed('talk.wav', state.message)}`);
    expect(sentToAnyone(stage)).toHaveLength(1);
  });

  it('of a meeting is sent to its host, with everyone’s words', async () => {
    const stage = createStage();
    const one = stage.instance('one');
    await one.work();
    const id = await openMeeting(stage, one);
    const ana = await join(one, id, ANA);
    const ben = await join(one, id, BEN);
    ana.say('M1 M2', 0);
    ben.say('M101', 2_000);
    await stage.clock.advance(1_000);
    stage.chat.archive(channelId);
    await one.requests.endMeeting(id, ANA);
    await stage.clock.advance(600_000);
    const [figures, file] = sentTo(stage, ANA);
    expect(figures!.message).toMatchObject({ kind: 'private-result', because: 'channel-archived' });
    expect(figures!.text).toContain(`${ana.name}: `);
    for (const marker of ['M1', 'M2', 'M101']) expect(textOf(stage, file!)).toContain(marker);
    expect(sentToAnyone(stage)).toHaveLength(2);
  });
});

describe('a result on its way to one person', () => {
  const addUndelivered = async (stage: Stage): Promise<MeetingConversation> => {
    const id = randomUUID() as ConversationId;
    const thread = { workspaceId, channelId, rootId: messageId(stage.chat.say(channelId)) };
    const state = { name: 'undelivered', because: 'chat-failed', sent: false } as const;
    const conversation = meeting(id, { thread, title: 'Stand-up', startedBy: ANA, state });
    await stage.transact(async (tx) => {
      await tx.addConversation(conversation, id);
      await tx.saveTranscription(id, WORDS);
    });
    return conversation;
  };
  const openSend = async () => {
    const stage = createStage();
    const one = stage.instance('one');
    const { id } = await addUndelivered(stage);
    const job = { name: 'send-privately', conversationId: id, revision: 1 } as const;
    return { stage, one, id, send: () => one.handlers['send-privately'].run(job, context) };
  };

  it('is sent once, whichever responses of Slack are lost', async () => {
    const { stage, id, send } = await openSend();
    // First of the message, then of the file.
    for (const _response of ['message', 'file']) {
      stage.chat.fail('lost-response', 1);
      await expect(send()).rejects.toMatchObject({ retryable: true });
      expect((await stage.conversation(id))!.state).toMatchObject({ sent: false });
    }
    await send();
    await send();
    const sent = sentTo(stage, ANA);
    expect(sent.map(({ message, fileIds }) => message?.kind ?? fileIds.length)).toEqual([
      'private-result',
      1,
    ]);
    expect((await stage.conversation(id))!.state).toMatchObject({ sent: true });
  });

  it('is not sent when the thread may take it after all', async () => {
    const { stage, one, id, send } = await openSend();
    await one.requests.nameSpeakers(id, ANA, {});
    await send();
    expect(sentToAnyone(stage)).toEqual([]);
  });
});
