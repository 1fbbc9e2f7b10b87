import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MeetingLine } from '../../../src/core/meeting/lines.ts';
import type { Storage } from '../../../src/storage/index.ts';
import type { Places } from '../support/places.ts';
import {
  channelId,
  conversationId,
  meeting,
  memberId,
  messageId,
  recording,
  workspaceId,
} from '../support/samples.ts';

export const meetingsContract = (size: string, createPlaces: () => Promise<Places>): void => {
  describe(`the store, about meetings (${size})`, () => {
    let places: Places;
    let storage: Storage;
    beforeAll(async () => {
      places = await createPlaces();
      storage = await (await places.create()).open();
    });
    afterAll(() => places.close());

    const transact: Storage['store']['transact'] = (work) => storage.store.transact(work);
    const opened = async (id: string) => {
      const conversation = meeting(id);
      await transact((tx) => tx.addConversation(conversation, `meet:${id}`));
      return conversation.id;
    };
    const line = (number: number, with_: Partial<MeetingLine> = {}): MeetingLine => ({
      number,
      id: `line-${number}`,
      party: 0,
      startMs: number * 1_000,
      endMs: number * 1_000 + 900,
      text: `“${number}” 🎉`,
      words: [
        { text: `“${number}”`, startMs: number * 1_000, endMs: number * 1_000 + 400, confidence: null },
      ],
      ...with_,
    });

    test('a link belongs to the browser that claims it first, of many at once too, until it is no longer valid', async () => {
      const take = (link: string, browser: string, atMs = 1_000) =>
        transact((tx) => tx.claimLink(link, browser, atMs));
      expect(await transact((tx) => tx.linkBrowser('link-1'))).toBeNull();
      expect(await take('link-1', 'one')).toBe('one');
      expect(await take('link-1', 'two')).toBe('one');
      expect(await take('link-1', 'one')).toBe('one');
      expect(await transact((tx) => tx.linkBrowser('link-1'))).toBe('one');
      expect(await take('link-2', 'two')).toBe('two');
      const browsers = Array.from({ length: 10 }, (_, i) => `browser ${i}`);
      const holders = await Promise.all(browsers.map((browser) => take('link-3', browser)));
      expect(new Set(holders).size).toBe(1);
      expect(browsers).toContain(holders[0]);
      await take('link-4', 'one', 1_000 + 26 * 3_600_000);
      expect(await transact((tx) => tx.linkBrowser('link-1'))).toBeNull();
    });

    test('a meeting is read as it was saved, before its card is posted and after', async () => {
      const opening = meeting('m1', { thread: null, state: { name: 'opening' } });
      await transact((tx) => tx.addConversation(opening, 'meet:m1'));
      expect(await transact((tx) => tx.conversation(opening.id))).toEqual(opening);
      const ending = meeting('m1', {
        startedAtMs: 1_700_000_000_500,
        endedAtMs: 1_700_000_900_500,
        state: { name: 'ending', by: memberId('U2') },
      });
      await transact((tx) => tx.saveConversation(ending));
      expect(await transact((tx) => tx.conversation(opening.id))).toEqual(ending);
    });

    test('a meeting stands among what its host started, and never among the recordings of a message', async () => {
      const host = memberId('U-host');
      await transact(async (tx) => {
        await tx.addConversation(meeting('m2', { startedBy: host, createdAtMs: 5 }), 'meet:m2');
        await tx.addConversation(recording('r2', { startedBy: host, createdAtMs: 4 }), 'rec:r2');
      });
      const mine = await transact((tx) => tx.conversationsOf(workspaceId, host, 10));
      expect(mine.map(({ kind }) => kind)).toEqual(['meeting', 'recording']);
      const postedIn = messageId('1700000000.000100');
      const posted = await transact((tx) => tx.conversationsPostedIn(workspaceId, channelId, postedIn));
      expect(posted.every(({ kind }) => kind === 'recording')).toBe(true);
    });

    test('parties keep their numbers, and their names may change', async () => {
      const id = await opened('m3');
      expect(await transact((tx) => tx.meeting(id))).toEqual({ parties: [], removed: [], captionsOn: true });
      await transact(async (tx) => {
        await tx.saveMeetingParty(id, 1, { personId: memberId('U2'), name: 'Bo' });
        await tx.saveMeetingParty(id, 0, { personId: memberId('U1'), name: 'Ann' });
        await tx.saveMeetingParty(id, 1, { personId: memberId('U2'), name: 'Bob' });
        await tx.saveRemoved(id, memberId('U3'));
        await tx.saveRemoved(id, memberId('U3'));
        await tx.saveCaptionsOn(id, false);
        await tx.saveCaptionsOn(id, false);
      });
      expect(await transact((tx) => tx.meeting(id))).toEqual({
        parties: [
          { personId: 'U1', name: 'Ann' },
          { personId: 'U2', name: 'Bob' },
        ],
        removed: ['U3'],
        captionsOn: false,
      });
    });

    test('lines come back in order; saving one again changes nothing', async () => {
      const id = await opened('m4');
      await transact((tx) => tx.saveLines(id, [line(2), line(1)]));
      await transact((tx) => tx.saveLines(id, [line(2), line(3)]));
      await transact((tx) => tx.saveLines(id, []));
      expect(await transact((tx) => tx.lines(id))).toEqual([line(1), line(2), line(3)]);
    });

    test('more lines than one statement can take are saved, or none of them', async () => {
      const id = await opened('m-many');
      // Eight values a line; Postgres takes 65,535 in one statement.
      const many = Array.from({ length: 9_000 }, (_, i) => line(i + 1));
      const conflicting = [...many.slice(0, -1), line(9_000, { id: 'another' })];
      await transact((tx) => tx.saveLines(id, [line(9_000)]));
      await expect(transact((tx) => tx.saveLines(id, conflicting))).rejects.toMatchObject({
        name: 'AppError',
      });
      expect(await transact((tx) => tx.lines(id))).toHaveLength(1);
      await transact((tx) => tx.saveLines(id, many));
      expect(await transact((tx) => tx.lines(id))).toEqual(many);
    });

    test('a line is refused whose number another instance has used, and none of the others with it is kept', async () => {
      const id = await opened('m5');
      await transact((tx) => tx.saveLines(id, [line(1)]));
      const other = transact((tx) => tx.saveLines(id, [line(1, { id: 'another' }), line(2)]));
      await expect(other).rejects.toMatchObject({ name: 'AppError', retryable: false });
      expect(await transact((tx) => tx.lines(id))).toEqual([line(1)]);
    });

    describe('the lease', () => {
      const one = { holder: 'one', url: 'http://one' };
      const two = { holder: 'two', url: 'http://two' };

      test('belongs to the first as long as it renews it', async () => {
        const id = await opened('m6');
        expect(await transact((tx) => tx.lease(id))).toBeNull();
        expect(await transact((tx) => tx.takeLease(id, one, 60_000))).toEqual(one);
        expect(await transact((tx) => tx.takeLease(id, two, 60_000))).toEqual(one);
        expect(await transact((tx) => tx.takeLease(id, one, 60_000))).toEqual(one);
        const lease = await transact((tx) => tx.lease(id));
        expect(lease).toMatchObject(one);
        expect(lease!.expiredForMs).toBeLessThan(0);
      });

      test('of many that request it at once, one gets it and all learn whose it is', async () => {
        const id = await opened('m7');
        const asked = Array.from({ length: 20 }, (_, i) => ({ holder: `h${i}`, url: `http://h${i}` }));
        const holders = await Promise.all(
          asked.map((each) => transact((tx) => tx.takeLease(id, each, 60_000))),
        );
        expect(new Set(holders.map(({ holder }) => holder)).size).toBe(1);
      });

      test('is free once it expired, and says since when', async () => {
        const id = await opened('m8');
        await transact((tx) => tx.takeLease(id, one, 1));
        await places.until(async () => ((await transact((tx) => tx.lease(id)))?.expiredForMs ?? -1) > 0);
        expect(await transact((tx) => tx.takeLease(id, two, 60_000))).toEqual(two);
      });

      test('is released by its holder only', async () => {
        const id = await opened('m9');
        await transact((tx) => tx.takeLease(id, one, 60_000));
        await transact((tx) => tx.releaseLease(id, 'two'));
        expect(await transact((tx) => tx.takeLease(id, two, 60_000))).toEqual(one);
        await transact((tx) => tx.releaseLease(id, 'one'));
        expect((await transact((tx) => tx.lease(id)))!.expiredForMs).toBeGreaterThanOrEqual(0);
        expect(await transact((tx) => tx.takeLease(id, two, 60_000))).toEqual(two);
      });
    });

    test('a conversation that lacks what its kind needs is refused by the table itself', async () => {
      const broken = { ...recording('r9'), thread: { workspaceId, channelId, rootId: null as never } };
      await expect(transact((tx) => tx.addConversation(broken, 'r9'))).rejects.toMatchObject({
        name: 'AppError',
      });
      expect(await transact((tx) => tx.conversation(conversationId('r9')))).toBeNull();
    });
  });
};
