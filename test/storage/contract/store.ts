import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordingConversation } from '../../../src/core/conversation/types.ts';
import { AppError } from '../../../src/core/error.ts';
import type { FileId } from '../../../src/core/ids.ts';
import type { Storage } from '../../../src/storage/index.ts';
import type { Place, Places } from '../support/places.ts';
import {
  channelId,
  conversationId,
  memberId,
  messageId,
  recording,
  sixHours,
  workspaceId,
} from '../support/samples.ts';

export const storeContract = (size: string, createPlaces: () => Promise<Places>): void => {
  describe(`the store (${size})`, () => {
    let places: Places;
    let place: Place;
    let storage: Storage;
    beforeAll(async () => {
      places = await createPlaces();
      place = await places.create();
      storage = await place.open();
    });
    afterAll(() => places.close());

    const transact: Storage['store']['transact'] = (work) => storage.store.transact(work);

    test('a conversation is read as it was saved', async () => {
      const added = recording('round-trip', {
        source: { type: 'chat-file', fileId: 'F1' as FileId, name: 'é 🎉 ".mp3', sizeBytes: 2_147_483_648 },
      });
      expect(await transact((tx) => tx.addConversation(added, 'file:F1'))).toEqual({
        added: true,
        conversation: added,
      });
      const failed = {
        ...added,
        title: 'renamed',
        revision: 2,
        state: { name: 'failed', code: 'no-speech', message: 'Nobody spoke.', mayRetry: true },
      } as const;
      await transact((tx) => tx.saveConversation(failed));
      expect(await transact((tx) => tx.conversation(added.id))).toEqual(failed);
      expect(await transact((tx) => tx.conversation(conversationId('nobody')))).toBeNull();
    });

    test('of 50 that add one origin at once, one adds it and all get the same conversation', async () => {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          transact((tx) => tx.addConversation(recording(`racer-${i}`), 'file:raced-for')),
        ),
      );
      expect(answers.filter(({ added }) => added)).toHaveLength(1);
      expect(new Set(answers.map(({ conversation }) => conversation.id)).size).toBe(1);
    });

    test('a failing transaction is rolled back, and its error is unchanged', async () => {
      const reason = new Error('changed my mind');
      const failing = transact(async (tx) => {
        await tx.addConversation(recording('undone'), 'undone');
        throw reason;
      });
      await expect(failing).rejects.toBe(reason);
      expect(await transact((tx) => tx.conversation(conversationId('undone')))).toBeNull();
    });

    test('the recordings of a message come in the order of the message', async () => {
      const postedIn = messageId('1700000001.000000');
      await transact(async (tx) => {
        for (const position of [2, 0, 1]) {
          await tx.addConversation(
            recording(`posted-${position}`, { postedIn, position }),
            `posted-${position}`,
          );
        }
      });
      const found = await transact((tx) => tx.conversationsPostedIn(workspaceId, channelId, postedIn));
      expect(found.map(({ id }) => id)).toEqual(['posted-0', 'posted-1', 'posted-2']);
    });

    test('the recordings of a file are found wherever it was posted, and nothing else', async () => {
      const file = (id: string): Partial<RecordingConversation> => ({
        source: { type: 'chat-file', fileId: id as FileId, name: id, sizeBytes: 1 },
      });
      const link = {
        source: { type: 'link', url: 'https://example.com/F-shared', name: 'F-shared' },
      } as const;
      await transact(async (tx) => {
        await tx.addConversation(recording('shared-1', { ...file('F-shared'), createdAtMs: 1 }), 'shared-1');
        await tx.addConversation(recording('shared-2', { ...file('F-shared'), createdAtMs: 2 }), 'shared-2');
        await tx.addConversation(recording('other', file('F-other')), 'other');
        await tx.addConversation(recording('linked', link), 'linked');
      });
      const found = await transact((tx) => tx.recordingsOfFile(workspaceId, 'F-shared' as FileId));
      expect(found.map(({ id }) => id)).toEqual(['shared-1', 'shared-2']);
      const elsewhere = 'T-other' as typeof workspaceId;
      expect(await transact((tx) => tx.recordingsOfFile(elsewhere, 'F-shared' as FileId))).toEqual([]);
    });

    test('a member’s conversations come newest first, and no more than asked for', async () => {
      const startedBy = memberId('U-recent');
      await transact(async (tx) => {
        for (const createdAtMs of [2, 3, 1]) {
          await tx.addConversation(
            recording(`recent-${createdAtMs}`, { startedBy, createdAtMs }),
            `recent-${createdAtMs}`,
          );
        }
      });
      const found = await transact((tx) => tx.conversationsOf(workspaceId, startedBy, 2));
      expect(found.map(({ id }) => id)).toEqual(['recent-3', 'recent-2']);
    });

    test('decisions about one conversation follow each other when they lock it', async () => {
      const { id } = recording('counted', { revision: 0 });
      await transact((tx) => tx.addConversation(recording('counted', { revision: 0 }), 'counted'));
      await Promise.all(
        Array.from({ length: 20 }, () =>
          transact(async (tx) => {
            const now = await tx.conversation(id, { lock: true });
            await tx.saveConversation({ ...now!, revision: now!.revision + 1 });
          }),
        ),
      );
      expect((await transact((tx) => tx.conversation(id)))?.revision).toBe(20);
    });

    test('six hours of words come back as they were', async () => {
      const heard = sixHours();
      const { id } = recording('six-hours');
      await transact((tx) => tx.addConversation(recording('six-hours'), 'six-hours'));
      await transact((tx) => tx.saveTranscription(id, heard));
      expect(await transact((tx) => tx.transcription(id))).toEqual(heard);
      await transact((tx) => tx.saveTranscription(id, { ...heard, words: [] }));
      expect((await transact((tx) => tx.transcription(id)))?.words).toEqual([]);
    });

    test('text that Postgres cannot keep loses only what it cannot keep', async () => {
      const { id } = recording('nul');
      const title = 'a\0b \\u0000 😀';
      await transact((tx) => tx.addConversation(recording('nul', { title }), 'n\0ul'));
      const word = { startMs: 0, endMs: 1, confidence: null, channel: 0, speaker: null };
      await transact((tx) =>
        tx.saveTranscription(id, {
          durationMs: 1,
          language: null,
          approximateSpeakers: false,
          remarks: [],
          words: [{ ...word, text: 'nul\0 half\ud83d whole😀 \\u0000 \\\0' }],
        }),
      );
      await transact((tx) => tx.saveSpeakerNames(id, { '0:0': { name: 'A\0nn' } }));
      expect((await transact((tx) => tx.conversation(id)))?.title).toBe('ab \\u0000 😀');
      expect((await transact((tx) => tx.transcription(id)))?.words[0]?.text).toBe(
        'nul half\ufffd whole😀 \\u0000 \\',
      );
      expect(await transact((tx) => tx.speakerNames(id))).toEqual({ '0:0': { name: 'Ann' } });
      expect((await transact((tx) => tx.addConversation(recording('nul-2'), 'n\0ul'))).added).toBe(false);
    });

    test('names are empty until some are given', async () => {
      await transact((tx) => tx.addConversation(recording('unnamed'), 'unnamed'));
      expect(await transact((tx) => tx.speakerNames(conversationId('unnamed')))).toEqual({});
      expect(await transact((tx) => tx.transcription(conversationId('unnamed')))).toBeNull();
    });

    test('a delivery is intended before it is anything else, and what was done is not forgotten', async () => {
      const { id } = recording('delivered');
      await transact((tx) => tx.addConversation(recording('delivered'), 'delivered'));
      expect(await transact((tx) => tx.delivery('status:1'))).toBeNull();
      await transact((tx) => tx.intendDelivery('status:1', id));
      expect(await transact((tx) => tx.delivery('status:1'))).toEqual({ state: 'intended' });
      const done = {
        state: 'message',
        posted: { channelId, messageId: messageId('2') },
        revision: 3,
      } as const;
      await transact((tx) => tx.saveDelivery('status:1', done));
      await transact((tx) => tx.intendDelivery('status:1', id));
      await transact((tx) => tx.intendDelivery('chart:1', id));
      expect([...(await transact((tx) => tx.deliveriesOf(id)))]).toEqual([
        ['chart:1', { state: 'intended' }],
        ['status:1', done],
      ]);
      await expect(transact((tx) => tx.saveDelivery('never-intended', done))).rejects.toBeInstanceOf(
        AppError,
      );
    });

    test('a statement that the database refuses is a final AppError', async () => {
      const failing = transact((tx) => tx.intendDelivery('orphan', conversationId('nobody')));
      await expect(failing).rejects.toMatchObject({ name: 'AppError', retryable: false });
    });

    test('a transaction begun within another is refused instead of waiting for itself', async () => {
      const nested = transact(() => transact(async () => 'never'));
      await expect(nested).rejects.toMatchObject({ name: 'AppError', retryable: false });
      expect(await storage.store.check()).toBe(true);
    });

    test('the check says whether the database answers', async () => {
      const other = await (await places.create()).open();
      expect(await other.store.check()).toBe(true);
      await other.close();
      await other.close();
      expect(await other.store.check()).toBe(false);
    });
  });
};
