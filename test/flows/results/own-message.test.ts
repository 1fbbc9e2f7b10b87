import { describe, expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import { toAppError } from '../../../src/core/error.ts';
import type { Chat } from '../../../src/core/ports.ts';
import { speech, transcriptionOf } from '../../core/make.ts';
import type { ChatFault } from '../../fakes/memory-chat.ts';
import { BEN, channelId, createStage, workspaceId } from '../support/stage.ts';

/** A result is a message of its own, which notifies, and the line of its progress goes. */

const WORDS = transcriptionOf(
  4_000,
  ...speech('0:0', 0, 300, 'once and for all'),
  ...speech('0:1', 2_000, 300, 'for all'),
);

const open = async (names: readonly string[] = ['talk.wav']) => {
  const stage = createStage({ transcribeMs: 30_000 });
  const one = stage.instance('one');
  await one.work();
  stage.speech.script(WORDS);
  const bytes = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });
  const files = names.map((name) => ({
    fileId: stage.chat.files.add({ name, bytes }),
    name,
    mimeType: 'audio/wav',
    sizeBytes: bytes.length,
  }));
  const rootId = stage.chat.say(channelId);
  const thread = { workspaceId, channelId, rootId };
  const recordings = () => one.requests.recentConversations(workspaceId, BEN);
  return {
    ...stage,
    thread,
    recordings,
    post: () => one.requests.filesPosted({ thread, postedIn: rootId, by: BEN, files, approach: 'posted' }),
    shown: () => stage.chat.messages(thread),
    kinds: () => stage.chat.messages(thread).map(({ message }) => message?.kind),
    name: async (name: string) => {
      const [{ id } = { id: '' as never }] = await recordings();
      await one.requests.nameSpeakers(id, BEN, { '0:0': { name } });
      await stage.clock.advance(600_000);
    },
  };
};

/** Fails the first `times` calls after they were carried out. */
const failAfter = (chat: Chat, method: 'post' | 'remove', times: number): void => {
  const real = chat[method] as (...args: unknown[]) => Promise<unknown>;
  let left = times;
  Object.assign(chat, {
    [method]: async (...args: unknown[]) => {
      const answer = await real(...args);
      const isMeant = method === 'remove' || (args[1] as { kind: string }).kind === 'result';
      left -= isMeant ? 1 : 0;
      if (isMeant && left >= 0) throw toAppError(new Error('the process died here'));
      return answer;
    },
  });
};

describe('the result of a recording', () => {
  it('is posted, so that it notifies, and the line before it is deleted', async () => {
    const { post, kinds, shown, clock } = await open();
    await post();
    await clock.advance(1_000);
    expect(kinds()).toEqual(['progress']);
    const [line] = shown();
    await clock.advance(600_000);
    expect(kinds()).toEqual(['result']);
    expect(shown()[0]!.messageId).not.toBe(line!.messageId);
  });

  it('is edited from then on, in its place', async () => {
    const { post, shown, kinds, clock, name } = await open();
    await post();
    await clock.advance(600_000);
    const [before] = shown();
    await name('Yuki Sato');
    expect(kinds()).toEqual(['result']);
    expect(shown()[0]).toMatchObject({ messageId: before!.messageId });
    expect(shown()[0]!.text).toContain('Yuki Sato');
  });

  it.each([
    ['posted', 'post'],
    ['posted, and the line before it deleted', 'remove'],
  ] as const)('is there once when the process dies after it was %s', async (_what, method) => {
    const { post, kinds, clock, chat, recordings, name, shown } = await open();
    failAfter(chat, method, 2);
    await post();
    await clock.advance(600_000);
    expect(kinds()).toEqual(['result']);
    expect((await recordings())[0]!.state.name).toBe('published');
    await name('Yuki Sato');
    expect(kinds()).toEqual(['result']);
    expect(shown()[0]!.text).toContain('Yuki Sato');
  });

  it.each<ChatFault>(['lost-response', 'rate-limit', 'unavailable', 'edit-refused'])(
    'is there once in spite of: %s',
    async (fault) => {
      for (let times = 1; times <= 5; times += 1) {
        const { post, kinds, clock, chat, name, shown } = await open();
        await post();
        await clock.advance(1_000);
        chat.fail(fault, times);
        await clock.advance(600_000);
        await name('Yuki Sato');
        expect(kinds()).toEqual(['result']);
        expect(shown()[0]!.text).toContain('Yuki Sato');
      }
    },
  );

  it('stands beside its line where Slack does not let that be deleted', async () => {
    const { post, kinds, clock, chat, recordings } = await open();
    chat.remove = async () => {
      throw Object.assign(toAppError(new Error('no')), { retryable: false });
    };
    await post();
    await clock.advance(600_000);
    expect(kinds()).toEqual(['progress', 'result']);
    expect((await recordings())[0]!.state.name).toBe('published');
  });

  it('is one of several in the order of their files, where the lines become the results', async () => {
    const { post, shown, clock } = await open(['a.wav', 'b.wav', 'c.wav']);
    await post();
    await clock.advance(1_000);
    const lines = shown().map(({ messageId }) => messageId);
    await clock.advance(600_000);
    expect(shown().map(({ text }) => text.slice(0, 5))).toEqual(['a.wav', 'b.wav', 'c.wav']);
    expect(shown().map(({ messageId }) => messageId)).toEqual(lines);
  });
});
