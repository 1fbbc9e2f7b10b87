import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/clock.ts';
import { AppError } from '../../../src/core/error.ts';
import type { Chat } from '../../../src/core/ports.ts';
import { announceHandler } from '../../../src/flows/recordings/announce.ts';
import { openStorage, type Storage } from '../../../src/storage/index.ts';
import { createMemoryChat } from '../../fakes/memory-chat.ts';
import { silentLog } from '../../media/support.ts';
import { conversationId, messageId, recording, watchedHandlers } from '../../storage/support/samples.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** Waits between the attempts at one job: three attempts, and then it is given up. */
const RETRY_DELAYS_MS = [20, 40];
const ATTEMPTS = RETRY_DELAYS_MS.length + 1;

const directory = temporaryDirectory();
let storage: Storage;
beforeAll(async () => {
  storage = await openStorage({
    dataDir: directory.directory,
    clock: systemClock,
    log: silentLog,
    jobs: { retryDelaysMs: RETRY_DELAYS_MS },
  });
  const parts = { store: storage.store, chat: { ...createMemoryChat(), ...chat }, clock: systemClock };
  await storage.queue.work({ ...others.handlers, announce: announceHandler(parts) }, { concurrency: 1 });
});
afterAll(async () => {
  await storage.queue.stop(5_000);
  await storage.close();
  directory.remove();
});

/** What follows once a file is announced, or is not. */
const others = watchedHandlers();
let post: Chat['post'];
const chat: Pick<Chat, 'post' | 'find' | 'edit'> = {
  post: (...args) => post(...args),
  find: async () => null,
  edit: async () => {},
};

const passing = () => new AppError({ code: 'chat-failed', retryable: true, userMessage: 'Slack is away.' });
const final = () => new AppError({ code: 'chat-failed', retryable: false, userMessage: 'Not this one.' });

/**
 * Files of one message, answered by the real queue and database in a chat that refuses some of them: `refuses` says
 * for each name how often, and how.
 */
const answering = async (
  names: readonly string[],
  refuses: Readonly<Record<string, { readonly times: number; readonly with: () => AppError }>>,
) => {
  const posted: string[] = [];
  const tried: string[] = [];
  post = async ({ channelId }, message, key) => {
    const name = 'title' in message ? message.title : '';
    tried.push(name);
    const refusal = refuses[name];
    if (refusal !== undefined && tried.filter((one) => one === name).length <= refusal.times) {
      throw refusal.with();
    }
    posted.push(name);
    return { channelId, messageId: messageId(key) };
  };
  const message = randomUUID();
  const idOf = (name: string) => conversationId(`${message}/${name}`);
  await storage.store.transact(async (tx) => {
    for (const [position, name] of names.entries()) {
      await tx.addConversation(recording(idOf(name), { title: name, position }), idOf(name));
    }
    await tx.enqueue({ name: 'announce', conversationIds: names.map(idOf) });
  });
  const filesWith = (job: 'transcribe' | 'publish'): string[] =>
    names.filter((name) =>
      others.ran.some((one) => one.job.name === job && one.job.conversationId === idOf(name)),
    );
  await until(() => filesWith('transcribe').length + filesWith('publish').length === names.length, {
    what: 'an answer to every file',
  });
  const states = await storage.store.transact((tx) =>
    Promise.all(names.map(async (name) => (await tx.conversation(idOf(name)))?.state)),
  );
  return { posted, tried, transcribed: filesWith('transcribe'), states: states.map((state) => state?.name) };
};

describe('the files of one message', () => {
  it('are answered in their order, also when the first has a passing trouble', async () => {
    const { posted, states } = await answering(['a', 'b', 'c'], { a: { times: 1, with: passing } });
    expect(posted).toEqual(['a', 'b', 'c']);
    expect(states).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('each have all the attempts there are, whatever the others needed of theirs', async () => {
    const { posted, transcribed, states } = await answering(['a', 'b', 'c', 'd'], {
      b: { times: ATTEMPTS - 1, with: passing },
      c: { times: ATTEMPTS - 1, with: passing },
      d: { times: ATTEMPTS - 1, with: passing },
    });
    expect(posted).toEqual(['a', 'b', 'c', 'd']);
    expect(transcribed).toEqual(['a', 'b', 'c', 'd']);
    expect(states).toEqual(['waiting', 'waiting', 'waiting', 'waiting']);
  });

  it.each([
    ['that lasts', passing, Number.POSITIVE_INFINITY],
    ['that is final', final, Number.POSITIVE_INFINITY],
  ])('do not suffer from the trouble of one of them %s', async (_what, trouble, times) => {
    const { posted, transcribed, states } = await answering(['a', 'b', 'c'], {
      b: { times, with: trouble },
    });
    expect(posted).toEqual(['a', 'c']);
    expect(transcribed).toEqual(['a', 'c']);
    expect(states).toEqual(['waiting', 'failed', 'waiting']);
  });

  it('are tried no more often than one at a time would be', async () => {
    const { tried } = await answering(['a', 'b'], { a: { times: Number.POSITIVE_INFINITY, with: passing } });
    expect(tried).toEqual([...Array.from({ length: ATTEMPTS }, () => 'a'), 'b']);
  });
});
