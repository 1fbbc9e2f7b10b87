import { DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { WorkspaceId } from '../../core/ids.ts';
import type { Tx } from '../../core/ports.ts';

/** Whether this workspace keeps the recordings of its calls once they are transcribed. */
export const keepsRecordings = async (tx: Tx, workspaceId: WorkspaceId): Promise<boolean> =>
  ((await tx.callSettings(workspaceId)) ?? DEFAULT_SETTINGS).recordings === 'keep';
