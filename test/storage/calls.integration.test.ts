import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
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
