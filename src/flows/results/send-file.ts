import type { Conversation, ExportFormat } from '../../core/conversation/types.ts';
import { isRefusedFile } from '../../core/error.ts';
import type { ChannelId, MemberId } from '../../core/ids.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { channelOf } from '../util/conversations.ts';
import { shareTranscript } from './exports.ts';
import type { Posting } from './status-message.ts';
import { postTranscript } from './transcript-messages.ts';

/**
 * Sends the transcript as a file to one person, once; as messages where the workspace takes no files, unless another format
 * than text was wanted.
 */
export const sendFile = async (
  posting: Posting,
  conversation: Conversation,
  transcript: Transcript,
  file: {
    readonly to: MemberId;
    readonly format: ExportFormat;
    readonly key: string;
    /** Their own channel with Parley. */
    readonly below: ChannelId;
  },
): Promise<void> => {
  const { store, chat } = posting;
  const { to, format, key, below } = file;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known === null) await store.transact((tx) => tx.intendDelivery(key, conversation.id));
  const delivery = known ?? { state: 'intended' };
  if (delivery.state !== 'intended' && delivery.state !== 'reserved') return;
  const { workspaceId } = channelOf(conversation);
  const where = { workspaceId, channelId: below };
  const fileId = await shareTranscript(posting, conversation, transcript, {
    where,
    format,
    key,
    delivery,
  }).catch(async (error: unknown) => {
    if (format !== 'txt' || !isRefusedFile(error)) throw error;
    await postTranscript(store, conversation, transcript, error, {
      to,
      find: (messageKey) => chat.findPrivate(workspaceId, to, messageKey),
      post: (message, messageKey) => chat.postPrivately(workspaceId, to, message, messageKey),
      remove: (posted) => chat.remove(workspaceId, posted),
    });
    return null;
  });
  const shared = fileId === null ? ({ state: 'withdrawn' } as const) : ({ state: 'file', fileId } as const);
  await store.transact((tx) => tx.saveDelivery(key, shared));
};
