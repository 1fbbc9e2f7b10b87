import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/core/error.ts';
import type { Chat } from '../../../src/core/ports.ts';
import { announceHandler } from '../../../src/flows/recordings/announce.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { createMemoryDatabase } from '../../fakes/memory-storage.ts';
import { conversationId, recording, watchedHandlers } from '../../storage/support/samples.ts';

/** Waits between the attempts at one job: three attempts, and then it is given up. */
const RETRY_DELAYS_MS = [10_000, 60_000];
const ATTEMPTS = RETRY_DELAYS_MS.length + 1;

const passing = () => new AppError({ code: 'chat-failed', retryable: true, userMessage: 'Slack is away.' });
const final = () => new AppError({ code: 'chat-failed', retryable: false, userMessage: 'Not this one.' });

/** Announces files of one message in a chat that refuses some of them: `refuses` says for each name how often. */
const announceFiles = async (
  names: readonly string[],
  refuses: Readonly<Record<string, { readonly times: number; readonly with: () => AppError }>>,
) => {
  const clock = createVirtualClock();
  const { store, queue } = createMemoryDatabase(clock).open({ retryDelaysMs: RETRY_DELAYS_MS });
  const posted: string[] = [];
  const tried: string[] = [];
  const memory = createMemoryChat();
  const post: Chat['post'] = async (thread, message, key) => {
    const name = 'title' in message ? message.title : '';
    tried.push(name);
    const refusal = refuses[name];
    if (refusal !== undefined && tried.filter((one) => one === name).length <= refusal.times) {
      throw refusal.with();
    }
    posted.push(name);
    return memory.post(thread, message, key);
  };
  const following = watchedHandlers();
  const announce = announceHandler({ store, chat: { ...memory, post }, clock });
  await queue.work({ ...following.handlers, announce }, { concurrency: 1 });

  const message = randomUUID();
  const idOf = (name: string) => conversationId(`${message}/${name}`);
  await store.transact(async (tx) => {
    for (const [position, name] of names.entries()) {
      await tx.addConversation(recording(idOf(name), { title: name, position }), idOf(name));
    }
    await tx.enqueue({ name: 'announce', conversationIds: names.map(idOf) });
  });
  await clock.advance(3_600_000);
  const filesWith = (job: 'transcribe' | 'publish'): string[] =>
    names.filter((name) =>
      following.ran.some((one) => one.job.name === job && one.job.conversationId === idOf(name)),
    );
  const states = await store.transact((tx) =>
    Promise.all(names.map(async (name) => (await tx.conversation(idOf(name)))?.state.name)),
  );
  return { posted, tried, transcribed: filesWith('transcribe'), shown: filesWith('publish'), states };
};

describe('the files of one message', () => {
  it('are announced in their order, also when the first has a passing fault', async () => {
    const { posted, states } = await announceFiles(['a', 'b', 'c'], { a: { times: 1, with: passing } });
    expect(posted).toEqual(['a', 'b', 'c']);
    expect(states).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('each have all attempts, however many the others needed', async () => {
    const { posted, transcribed, states } = await announceFiles(['a', 'b', 'c', 'd'], {
      b: { times: ATTEMPTS - 1, with: passing },
      c: { times: ATTEMPTS - 1, with: passing },
      d: { times: ATTEMPTS - 1, with: passing },
    });
    expect(posted).toEqual(['a', 'b', 'c', 'd']);
    expect(transcribed).toEqual(['a', 'b', 'c', 'd']);
    expect(states).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  });

  it.each([
    ['lasts', passing],
    ['is final', final],
  ])('do not suffer from a fault of one of them that %s', async (_what, fault) => {
    const { posted, transcribed, shown, states } = await announceFiles(['a', 'b', 'c'], {
      b: { times: Number.POSITIVE_INFINITY, with: fault },
    });
    expect(posted).toEqual(['a', 'c']);
    expect(transcribed).toEqual(['a', 'c']);
    expect(shown).toEqual(['b']);
    expect(states).toEqual(['waiting', 'failed', 'waiting']);
  });

  it('are tried no more often than one at a time would be', async () => {
    const { tried } = await announceFiles(['a', 'b'], {
      a: { times: Number.POSITIVE_INFINITY, with: passing },
    });
    expect(tried).toEqual([...Array.from({ length: ATTEMPTS }, () => 'a'), 'b']);
  });
});
