import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { pinCallerOf } from '../../src/core/calls/pin.ts';
import type { WorkspaceId } from '../../src/core/ids.ts';
import type { Tx } from '../../src/core/ports.ts';
import { callsContract } from './contract/calls.ts';
import { createPlaces, SIZES } from './support/places.ts';
import { channelId, memberId } from './support/samples.ts';

for (const size of SIZES) callsContract(size, () => createPlaces(size));

// The embedded database runs one transaction at a time, whatever the workspace.
test('the call counts of one workspace do not block another', async () => {
  const places = await createPlaces('server');
  try {
    const { store } = await (await places.create()).open();
    const count = (tx: Tx, workspace: string) =>
      tx.callCounts({
        workspaceId: workspace as WorkspaceId,
        channelId,
        memberId: memberId('U1'),
        sinceMs: 0,
      });
    // As another request begins: outside of this one's transaction.
    const outside = AsyncLocalStorage.snapshot();
    await store.transact(async (tx) => {
      await count(tx, 'T1');
      expect(await outside(() => store.transact((other) => count(other, 'T2')))).toMatchObject({
        concurrent: 0,
      });
    });
  } finally {
    await places.close();
  }
});

test('an attempt at a PIN does not block those of other callers, until they are close to the limit of all', async () => {
  const places = await createPlaces('server');
  try {
    const { store } = await (await places.create()).open();
    const [one, two] = ['+442079460001', '+442079460002'].map(pinCallerOf);
    const since = { byCaller: 0, byAll: 0 };
    const outside = AsyncLocalStorage.snapshot();
    await store.transact(async (tx) => {
      await tx.wrongPinCounts(one!, since, 1);
      const counts = await outside(() => store.transact((other) => other.wrongPinCounts(two!, since, 1)));
      expect(counts).toEqual({ byCaller: 0, byAll: 0 });
    });
    await store.transact((tx) => tx.addWrongPin(one!, 1));
    // From here on the second waits for the first, and counts what it added.
    let second: Promise<unknown> | undefined;
    await store.transact(async (tx) => {
      await tx.wrongPinCounts(one!, since, 1);
      second = outside(() => store.transact((other) => other.wrongPinCounts(two!, since, 1)));
      await tx.addWrongPin(one!, 2);
    });
    expect(await second).toEqual({ byCaller: 0, byAll: 2 });
  } finally {
    await places.close();
  }
});
