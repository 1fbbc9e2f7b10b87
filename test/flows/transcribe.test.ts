import { expect, it } from 'vitest';
import type { Heard, SpeakerNames } from '../../src/core/heard.ts';
import type { Chat, Speech } from '../../src/core/ports.ts';
import type { FlowParts } from '../../src/flows/parts.ts';
import { transcribeHandler } from '../../src/flows/transcribe.ts';
import { heard, speech } from '../core/make.ts';
import { silentLog } from '../media/support.ts';
import { conversationId, messageId, recording } from '../storage/support/samples.ts';
import { storageOfFile } from './support/storage.ts';

const storage = storageOfFile();

it('a transcription that another process had finished meanwhile changes neither words nor names', async () => {
  const id = conversationId('taken over');
  await storage().store.transact((tx) => tx.addConversation(recording(id), id));
  const chat: Partial<Chat> = {
    post: async ({ channelId }) => ({ channelId, messageId: messageId('1') }),
    find: async () => null,
    edit: async () => {},
  };
  const answers = [Promise.withResolvers<Heard>(), Promise.withResolvers<Heard>()] as const;
  const begun = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  /** One process at work on it, which hears what `answers` has at this place. */
  const run = (copy: 0 | 1) => {
    const engine: Partial<Speech> = {
      transcribe: () => {
        begun[copy].resolve();
        return answers[copy].promise;
      },
    };
    const parts = {
      store: storage().store,
      clock: { nowMs: Date.now },
      log: silentLog,
      chat,
      speech: engine,
      links: { open: async () => ({ name: 'a.mp3', sizeBytes: null, bytes: [] }) },
    } as unknown as FlowParts;
    const signal = new AbortController().signal;
    return transcribeHandler(parts).run({ name: 'transcribe', conversationId: id }, { attempt: 1, signal });
  };

  const slow = run(0);
  await begun[0].promise;
  const quick = run(1);
  await begun[1].promise;
  const first = heard(1_000, ...speech('0:0', 0, 300, 'what was heard first'));
  answers[1].resolve(first);
  await quick;
  const names = { '0:0': { name: 'Ann' } } as SpeakerNames;
  await storage().store.transact((tx) => tx.saveSpeakerNames(id, names));
  answers[0].resolve(heard(1_000, ...speech('0:1', 0, 300, 'what was heard last')));
  await slow;

  const now = await storage().store.transact(async (tx) => ({
    heard: await tx.heard(id),
    names: await tx.speakerNames(id),
    state: (await tx.conversation(id))?.state.name,
  }));
  expect(now).toEqual({ heard: first, names, state: 'heard' });
});
