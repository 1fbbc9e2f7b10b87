import type { MemberId, WorkspaceId } from '../../src/core/ids.ts';
import { describeChat } from '../bot/chat.contract.ts';
import { createMemoryChat, newThread } from './memory-chat.ts';

const ANA = 'U1' as MemberId;
const BEN = 'U2' as MemberId;

describeChat('in memory', async () => {
  const chat = createMemoryChat();
  chat.addMember(ANA, { name: 'Ana Brandão', isAdmin: true });
  chat.addMember(BEN, { name: 'Ben Okafor', phone: '+44 20 7946 0102' });
  return {
    chat,
    ana: ANA,
    ben: BEN,
    async addPerson(elsewhere) {
      const id = `U-${elsewhere}` as MemberId;
      chat.addMember(id, { name: elsewhere, elsewhere, isAdmin: true });
      return id;
    },
    workspaceId: 'T1' as WorkspaceId,
    deleteRoot: async ({ channelId, rootId }) => chat.deleteMessage({ channelId, messageId: rootId }),
    newThread: async () => newThread(chat),
    messages: async (where) => chat.messages(where),
    directMessages: async (memberId) => chat.directMessages(memberId),
    addFile: async (name, bytes) => chat.files.add({ name, bytes }),
    removeFile: async (fileId) => chat.files.remove(fileId),
    archive: async (channelId, archived) => chat.archive(channelId, archived),
    fail: async (fault, times) => chat.fail(fault, times),
    recover: async () => chat.recover(),
    close: async () => {},
  };
});
