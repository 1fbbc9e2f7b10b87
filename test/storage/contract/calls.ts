import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decideLeg, newLeg } from '../../../src/core/calls/leg.ts';
import { isPinAttemptAllowed, type PinCaller, pinCallerOf } from '../../../src/core/calls/pin.ts';
import type { CallSettings, Leg, LegEvent } from '../../../src/core/calls/types.ts';
import type { Job } from '../../../src/core/conversation/types.ts';
import type {
  ChannelId,
  LegId,
  PhoneNumber,
  ProviderCallId,
  RecordingId,
  WorkspaceId,
} from '../../../src/core/ids.ts';
import type { Storage } from '../../../src/storage/index.ts';
import type { Places } from '../support/places.ts';
import { channelId, conversationId, meeting, memberId, watchedHandlers } from '../support/samples.ts';

const number = '+442079460000' as PhoneNumber;
const HOUR_MS = 3_600_000;
const ONE = pinCallerOf('+442079460001');

export const callsContract = (size: string, createPlaces: () => Promise<Places>): void => {
  describe(`the store, about calls (${size})`, () => {
    let places: Places;
    let storage: Storage;
    beforeAll(async () => {
      places = await createPlaces();
      storage = await (await places.create()).open();
    });
    afterAll(() => places.close());

    const transact: Storage['store']['transact'] = (work) => storage.store.transact(work);
    /** A call in a workspace of its own, so that tests do not count each other's. */
    const called = async (id: string, channel: ChannelId = channelId, workspace = `T-${id}`) => {
      const workspaceId = workspace as WorkspaceId;
      const conversation = meeting(id, {
        kind: 'call',
        channel: { workspaceId, channelId: channel },
        thread: null,
        state: { name: 'opening' },
      });
      await transact((tx) => tx.addConversation(conversation, `call:${id}`));
      return { id: conversation.id, workspaceId, conversation };
    };
    const legOf = (conversation: string, id: string, with_: Partial<Leg> = {}): Leg => ({
      ...newLeg(
        {
          id: id as LegId,
          conversationId: conversationId(conversation),
          role: 'callee',
          number,
          name: '+44 20 7946 0000',
          memberId: null,
          requestedBy: memberId('U1'),
        },
        1_700_000_000_123,
      ),
      ...with_,
    });
    const having = (leg: Leg, ...events: LegEvent[]): Leg =>
      events.reduce((so, event) => decideLeg(so, event, 1_700_000_009_999), leg);

    test('a call keeps its kind', async () => {
      const { id, conversation } = await called('c1');
      expect(await transact((tx) => tx.conversation(id))).toEqual({
        ...conversation,
        channel: { workspaceId: 'T-c1', channelId },
      });
    });

    test('a leg is read as it was saved, in every field', async () => {
      await called('c2');
      const leg = legOf('c2', 'c2-leg', {
        name: 'Ann “\u0000” 🎉',
        extension: '123',
        memberId: memberId('U2'),
      });
      await transact((tx) => tx.addLeg(leg));
      expect(await transact((tx) => tx.leg(leg.id))).toEqual({ ...leg, name: 'Ann “” 🎉' });
      const full = having(
        { ...leg, name: 'Ann' },
        { type: 'dialled', callId: 'CA1' as ProviderCallId },
        { type: 'answered-by', by: 'machine' },
        { type: 'recording-began', recordingId: 'RE1' as RecordingId, beganAtMs: 1_234 },
        { type: 'declined' },
        { type: 'hang-up-requested' },
      );
      await transact((tx) => tx.saveLeg(full));
      expect(await transact((tx) => tx.leg(leg.id, { lock: true }))).toEqual(full);
      const over = having(full, { type: 'ended', how: 'failed', reason: 'The line broke.' });
      await transact((tx) => tx.saveLeg(over));
      expect(await transact((tx) => tx.leg(leg.id))).toEqual(over);
      expect(await transact((tx) => tx.leg('nobody' as LegId))).toBeNull();
    });

    test('legs come in the order in which they were added', async () => {
      const { id } = await called('c3');
      await called('c3-other');
      await transact(async (tx) => {
        await tx.addLeg(legOf('c3', 'z', { role: 'caller' }));
        await tx.addLeg(legOf('c3', 'a'));
        await tx.addLeg(legOf('c3-other', 'm'));
        await tx.addLeg(legOf('c3', 'k', { role: 'added' }));
      });
      await transact((tx) => tx.saveLeg(legOf('c3', 'z', { role: 'caller', name: 'Bo' })));
      expect((await transact((tx) => tx.legsOf(id))).map(({ id }) => id)).toEqual(['z', 'a', 'k']);
    });

    test('a leg without a conversation, or that was never added, is refused', async () => {
      for (const work of ['addLeg', 'saveLeg'] as const) {
        await expect(transact((tx) => tx[work](legOf('nothing', 'stray')))).rejects.toMatchObject({
          name: 'AppError',
        });
      }
    });

    test('changes of one leg follow each other, and none is lost', async () => {
      await called('c4');
      await transact((tx) => tx.addLeg(legOf('c4', 'c4-leg', { name: '' })));
      await Promise.all(
        Array.from({ length: 20 }, () =>
          transact(async (tx) => {
            const leg = (await tx.leg('c4-leg' as LegId, { lock: true }))!;
            await tx.saveLeg({ ...leg, name: `${leg.name}x` });
          }),
        ),
      );
      expect((await transact((tx) => tx.leg('c4-leg' as LegId)))!.name).toBe('x'.repeat(20));
    });

    describe('the counts of calls', () => {
      const sinceMs = 10_000;
      const counts = (workspaceId: WorkspaceId, channel = channelId, member = memberId('U1')) =>
        transact((tx) => tx.callCounts({ workspaceId, channelId: channel, memberId: member, sinceMs }));

      test('are by member, by channel and by workspace, of the time that is asked for, and of what is on now', async () => {
        const elsewhere = 'C2' as ChannelId;
        const { workspaceId } = await called('c5');
        await called('c5-elsewhere', elsewhere, 'T-c5');
        await called('c5-abroad', channelId, 'T-c5-abroad');
        const over = { state: { name: 'ended', how: 'busy', reason: null, by: 'unknown' } } as const;
        await transact(async (tx) => {
          await tx.addLeg(legOf('c5', 'c5-1', { createdAtMs: sinceMs }));
          await tx.addLeg(legOf('c5', 'c5-2', { requestedBy: memberId('U2'), createdAtMs: sinceMs + 1 }));
          await tx.addLeg(legOf('c5-elsewhere', 'c5-3', { ...over, createdAtMs: 20_000, endedAtMs: 20_500 }));
          // Too long ago, one of them still on.
          await tx.addLeg(legOf('c5', 'c5-4', { ...over, createdAtMs: 9_999, endedAtMs: 10_001 }));
          await tx.addLeg(legOf('c5', 'c5-5', { createdAtMs: 9_999 }));
          // Inbound.
          await tx.addLeg(legOf('c5', 'c5-6', { role: 'inbound', requestedBy: null, createdAtMs: 20_000 }));
          await tx.addLeg(legOf('c5-abroad', 'c5-7', { createdAtMs: 20_000 }));
        });
        expect(await counts(workspaceId)).toEqual({
          byMember: 2,
          byChannel: 2,
          byWorkspace: 3,
          concurrent: 3,
        });
        expect(await counts(workspaceId, elsewhere, memberId('U2'))).toEqual({
          byMember: 1,
          byChannel: 1,
          byWorkspace: 3,
          concurrent: 3,
        });
      });

      test('are zero where no one called', async () => {
        expect(await counts('T-empty' as WorkspaceId)).toEqual({
          byMember: 0,
          byChannel: 0,
          byWorkspace: 0,
          concurrent: 0,
        });
      });

      test('let five of a hundred who call at the same moment pass a cap of five', async () => {
        const { id, workspaceId } = await called('c6');
        const asked = { workspaceId, channelId, memberId: memberId('U1'), sinceMs };
        const may = await Promise.all(
          Array.from({ length: 100 }, (_, i) =>
            transact(async (tx) => {
              const { byWorkspace } = await tx.callCounts(asked);
              if (byWorkspace >= 5) return false;
              await tx.addLeg(legOf('c6', `c6-${i}`));
              return true;
            }),
          ),
        );
        expect(may.filter(Boolean)).toHaveLength(5);
        expect(await transact((tx) => tx.legsOf(id))).toHaveLength(5);
      });
    });

    test('settings of a workspace are its own, and the last that were saved', async () => {
      const one = 'T-settings' as WorkspaceId;
      const settings: CallSettings = { notice: 'Hello “{caller}”. 9', callers: null, recordings: 'keep' };
      expect(await transact((tx) => tx.callSettings(one))).toBeNull();
      await transact((tx) => tx.saveCallSettings(one, settings));
      expect(await transact((tx) => tx.callSettings(one))).toEqual(settings);
      const changed: CallSettings = { ...settings, callers: [memberId('U1')], recordings: 'delete' };
      await transact((tx) => tx.saveCallSettings(one, changed));
      expect(await transact((tx) => tx.callSettings(one))).toEqual(changed);
      expect(await transact((tx) => tx.callSettings('T-other' as WorkspaceId))).toBeNull();
    });

    test('a member’s own number is kept, replaced and forgotten', async () => {
      const workspaceId = 'T-own' as WorkspaceId;
      const own = () => transact((tx) => tx.ownNumber(workspaceId, memberId('U1')));
      const save = (to: PhoneNumber | null) =>
        transact((tx) => tx.saveOwnNumber(workspaceId, memberId('U1'), to));
      expect(await own()).toBeNull();
      await save(number);
      await save('+442079460001' as PhoneNumber);
      expect(await own()).toBe('+442079460001');
      expect(await transact((tx) => tx.ownNumber(workspaceId, memberId('U2')))).toBeNull();
      await save(null);
      await save(null);
      expect(await own()).toBeNull();
    });

    test('conversations with active legs are those with one that was answered and has not ended', async () => {
      const { id } = await called('on-the-phone');
      const legs = ['on-1', 'on-2'].map((leg) => legOf('on-the-phone', leg));
      const isOn = async (): Promise<boolean> => {
        const on = await transact((tx) => tx.conversationsWithActiveLegs());
        expect(new Set(on).size).toBe(on.length);
        return on.includes(id);
      };
      const happened = (...events: LegEvent[]) =>
        transact(async (tx) => {
          for (const leg of legs) await tx.saveLeg(having(leg, ...events));
        });
      await transact(async (tx) => {
        for (const leg of legs) await tx.addLeg(leg);
      });
      expect(await isOn()).toBe(false);
      await happened({ type: 'answered' });
      expect(await isOn()).toBe(true);
      await happened({ type: 'answered' }, { type: 'ended', how: 'hung-up', reason: null });
      expect(await isOn()).toBe(false);
    });

    describe('PINs', () => {
      test('are one a conversation, the first that is free, and free again once dropped', async () => {
        const { id: one } = await called('p1');
        const { id: two } = await called('p2');
        expect(await transact((tx) => tx.givePin(one, ['111', '222']))).toBe('111');
        expect(await transact((tx) => tx.givePin(one, ['333']))).toBe('111');
        expect(await transact((tx) => tx.givePin(two, ['111']))).toBeNull();
        expect(await transact((tx) => tx.givePin(two, ['111', '222']))).toBe('222');
        expect(await transact((tx) => tx.conversationWithPin('222'))).toBe(two);
        expect(await transact((tx) => tx.conversationWithPin('333'))).toBeNull();
        await transact((tx) => tx.dropPin(one));
        expect(await transact((tx) => tx.pinOf(one))).toBeNull();
        expect(await transact((tx) => tx.conversationWithPin('111'))).toBeNull();
        await transact((tx) => tx.dropPin(two));
        expect(await transact((tx) => tx.givePin(two, ['111']))).toBe('111');
      });

      test('that many want at once become different ones, and one conversation gets one', async () => {
        const ids = await Promise.all(
          Array.from({ length: 8 }, async (_, i) => (await called(`p3-${i}`)).id),
        );
        const candidates = Array.from({ length: 8 }, (_, i) => `4${i}`);
        const pins = await Promise.all(
          [...ids, ...ids].map((id) => transact((tx) => tx.givePin(id, candidates))),
        );
        expect(new Set(pins).size).toBe(8);
        expect(pins.slice(8)).toEqual(pins.slice(0, 8));
      });

      test('that were wrong are counted by number and together, since a moment, and forgotten after a day', async () => {
        const now = 1_700_000_000_000;
        await transact(async (tx) => {
          await tx.addWrongPin(ONE, now - 25 * HOUR_MS);
          await tx.addWrongPin(ONE, now - HOUR_MS);
          await tx.addWrongPin(ONE, now - 10);
          await tx.addWrongPin('withheld', now);
        });
        const wrong = (caller: PinCaller, byCaller: number, byAll: number) =>
          transact((tx) => tx.wrongPinCounts(caller, { byCaller, byAll }, 0));
        const hourAgo = now - HOUR_MS;
        expect(await wrong(ONE, hourAgo, hourAgo)).toEqual({ byCaller: 2, byAll: 3 });
        expect(await wrong(ONE, hourAgo, hourAgo + 1)).toEqual({ byCaller: 2, byAll: 2 });
        expect(await wrong(ONE, hourAgo + 1, hourAgo)).toEqual({ byCaller: 1, byAll: 3 });
        expect(await wrong('withheld', 0, now)).toEqual({ byCaller: 1, byAll: 1 });
        expect(await wrong('withheld', 0, 0)).toEqual({ byCaller: 1, byAll: 3 });
        expect(await wrong(pinCallerOf('+442079460002'), 0, now + 1)).toEqual({ byCaller: 0, byAll: 0 });
      });

      test('tried by a hundred callers at once are tried as often as the limit allows', async () => {
        const atMs = 1_800_000_000_000;
        const tried = await Promise.all(
          Array.from({ length: 100 }, (_, i) =>
            transact(async (tx) => {
              const caller = `+4420794601${String(i).padStart(2, '0')}` as PinCaller;
              const { byAll } = await tx.wrongPinCounts(caller, { byCaller: atMs, byAll: atMs }, 0);
              if (byAll >= 7) return false;
              await tx.addWrongPin(caller, atMs);
              return true;
            }),
          ),
        );
        expect(tried.filter(Boolean)).toHaveLength(7);
      });

      test('tried from one number at once are tried as often as its limit allows, without blocking others', async () => {
        const atMs = 1_900_000_000_000;
        const guess = (caller: PinCaller) =>
          transact(async (tx) => {
            const wrong = await tx.wrongPinCounts(caller, { byCaller: atMs, byAll: atMs }, 0);
            if (!isPinAttemptAllowed(caller, wrong)) return false;
            await tx.addWrongPin(caller, atMs);
            return true;
          });
        const tried = await Promise.all(Array.from({ length: 30 }, () => guess(ONE)));
        expect(tried.filter(Boolean)).toHaveLength(5);
        expect(await guess(pinCallerOf('+442079460002'))).toBe(true);
        const hidden = await Promise.all(Array.from({ length: 60 }, () => guess(pinCallerOf('anonymous'))));
        expect(hidden.filter(Boolean)).toHaveLength(50);
        expect(await guess(pinCallerOf('+442079460003'))).toBe(true);
      });
    });

    test('the jobs of calls reach their handlers as they were enqueued', async () => {
      const { handlers, ran } = watchedHandlers();
      await storage.queue.work(handlers, { concurrency: 1 });
      const jobs: readonly Job[] = [
        { name: 'dial-leg', legId: 'l1' as LegId },
        { name: 'reconcile-leg', legId: 'l2' as LegId },
        { name: 'transcribe-call', conversationId: conversationId('c1') },
      ];
      await transact(async (tx) => {
        for (const job of jobs) await tx.enqueue(job);
      });
      await places.until(() => ran.length === 3);
      const byName = (a: Job, b: Job) => a.name.localeCompare(b.name);
      expect(ran.map(({ job }) => job).toSorted(byName)).toEqual(jobs);
    });
  });
};
