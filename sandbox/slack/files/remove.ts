import { storedMessage } from '../control/shapes.ts';
import { emitEvent } from '../posting.ts';
import type { FileRecord } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** Deletes a file: removes its bytes, leaves a tombstone in messages, notifies the app. */
export const removeFile = (workspace: Workspace, file: FileRecord): void => {
  const { store } = workspace;
  store.transact(() => {
    store.files.save({ ...file, state: 'deleted' });
    const event = { file_id: file.id, channel_ids: file.shares.map(({ channel }) => channel) };
    emitEvent(workspace, { type: 'file_deleted', ...event, event_ts: workspace.newTs() });
  });
  store.files.removeBytes(file.id);
  for (const share of file.shares) {
    const message = store.messages.get(share.channel, share.ts);
    if (message !== null) {
      workspace.broadcast({ type: 'message_changed', message: storedMessage(workspace, message) });
    }
  }
};
