import { rateLimited, SLACK_TROUBLE, SlackRefusal, toRefusal } from '../../src/bot/api/refusal.ts';
import { escapeMrkdwn } from '../../src/bot/blocks/text.ts';
import { type Form, formsOf, inFirstForm } from '../../src/bot/forms.ts';
import type {
  Channel,
  ChannelId,
  FileId,
  MemberId,
  MessageId,
  Thread,
  WorkspaceId,
} from '../../src/core/ids.ts';
import type { Chat, PostedMessage, ShownMessage } from '../../src/core/ports.ts';
import type { ThreadMessage } from '../../src/core/thread-message.ts';
import { createMemoryFiles, type MemoryFiles } from './memory-chat-files.ts';

/** A message as it stands now. */
export interface MemoryMessage extends PostedMessage {
  /** Null for a message of the channel itself. */
  readonly rootId: MessageId | null;
  /** What notifications and screen readers give; `&`, `<` and `>` escaped as Slack wants it. */
  readonly text: string;
  /** Null for what people post, ephemeral messages and files. */
  readonly message: ThreadMessage | null;
  /** From the first post until the first edit. */
  readonly key: string | null;
  readonly fileIds: readonly FileId[];
  /** Who alone sees it; null for everyone. */
  readonly ephemeralTo: MemberId | null;
  /** Of a result: whether it shows its whole transcript. */
  readonly whole: boolean;
  /** False for text alone. */
  readonly hasBlocks: boolean;
  readonly hasPicture: boolean;
}

interface MemoryMember {
  readonly name: string;
  readonly phone?: string;
  readonly isAdmin?: boolean;
  /** Where they belong, if not to the workspace. Default: to it. */
  readonly elsewhere?: 'another-workspace' | 'another-organization';
}

/**
 * Faults of the service, which the port reports as `AppError`: a rate limit with a wait of one second; work that is done
 * and whose response is lost; a channel that Parley was removed from; a service that does not respond; a form of a message
 * that is not taken; a message that can't be edited any more; a
 * workspace that takes no files.
 */
export type ChatFault =
  | 'rate-limit'
  | 'lost-response'
  | 'not-in-channel'
  | 'unavailable'
  | 'form-refused'
  | 'edit-refused'
  | 'file-refused';

/**
 * The Chat port in memory, with what a test sees and does of the workspace. Held to the same contract as the adapter of
 * Slack (`test/bot/chat.contract.ts`). Every channel exists and Parley is in it; every thread root exists unless deleted.
 */
export interface MemoryChat extends Chat {
  /** The messages of a thread without its root, or the top-level messages of a channel; oldest first. */
  messages(where: Channel | Thread): readonly MemoryMessage[];
  /** A member's direct messages from Parley. */
  directMessages(memberId: MemberId): readonly MemoryMessage[];
  /** Whose App Home was refreshed, in order. */
  readonly refreshedHomes: readonly MemberId[];
  readonly files: MemoryFiles;
  addMember(memberId: MemberId, member: MemoryMember): void;
  /** Posts a person's message, for a thread to begin under. */
  say(channelId: ChannelId, text?: string): MessageId;
  deleteMessage(posted: PostedMessage): void;
  archive(channelId: ChannelId, archived?: boolean): void;
  /** Injects a fault, for the next `times` requests that it affects. */
  fail(fault: ChatFault, times?: number): void;
  /** Ends all faults. */
  recover(): void;
}

/** The adapter tries a request this often where the service did nothing, or where repeating it is harmless. */
const ATTEMPTS = 3;

export const createMemoryChat = (): MemoryChat => {
  const messages: MemoryMessage[] = [];
  const deleted = new Set<MessageId>();
  const archived = new Set<ChannelId>();
  const members = new Map<MemberId, MemoryMember>();
  const refreshedHomes: MemberId[] = [];
  const faults = new Map<ChatFault, number>();
  let lastId = 0;

  const strikes = (fault: ChatFault): boolean => {
    const left = faults.get(fault) ?? 0;
    if (left > 0) faults.set(fault, left - 1);
    return left > 0;
  };
  /** The adapter tries again as long as it may; @throws once it may no more. */
  const endure = (fault: ChatFault, attempts: number, refusal: () => SlackRefusal): void => {
    for (let attempt = 1; strikes(fault); attempt += 1) if (attempt >= attempts) throw refusal();
  };
  const unavailable = (): SlackRefusal => new SlackRefusal('internal_error', SLACK_TROUBLE);
  /** `repeatable`: whether doing it twice is harmless, so that the adapter may try again after any fault. */
  const request = (repeatable: boolean): void =>
    endure('unavailable', repeatable ? ATTEMPTS : 1, unavailable);
  const awaitRateLimit = (): void => endure('rate-limit', ATTEMPTS, () => rateLimited(1));
  const loseResponse = (repeatable: boolean): void =>
    endure('lost-response', repeatable ? ATTEMPTS : 1, unavailable);
  const assertWritable = (channelId: ChannelId, rootId: MessageId | null): void => {
    if (strikes('not-in-channel')) throw toRefusal('not_in_channel');
    if (archived.has(channelId)) throw toRefusal('is_archived');
    if (rootId !== null && deleted.has(rootId)) throw toRefusal('thread_not_found');
  };
  const nextId = (): MessageId => {
    lastId += 1;
    return `1767603600.${String(lastId).padStart(6, '0')}` as MessageId;
  };
  const append = (
    { channelId, rootId }: { channelId: ChannelId; rootId: MessageId | null },
    content: Partial<MemoryMessage>,
  ): PostedMessage => {
    const posted = { channelId, messageId: nextId() };
    const blank = {
      text: '',
      message: null,
      key: null,
      fileIds: [],
      ephemeralTo: null,
      whole: true,
      hasBlocks: false,
      hasPicture: false,
    };
    messages.push({ ...blank, ...content, ...posted, rootId });
    return posted;
  };
  /** Refused for a file which does not exist, as the service does. */
  const render = async (
    message: ThreadMessage,
    forms: readonly Form[],
  ): Promise<Pick<MemoryMessage, 'text' | 'message' | 'whole' | 'hasBlocks' | 'hasPicture'>> => {
    const { form } = await inFirstForm(forms, async ({ blocks }) => {
      if (strikes('form-refused')) throw toRefusal('invalid_blocks');
      const pictures = blocks.filter(({ type }) => type === 'image');
      const exists =
        message.kind === 'result' && message.chart !== null && files.exists(message.chart.fileId);
      if (pictures.length > 0 && !exists) throw toRefusal('file_not_found');
    });
    const { text, blocks, whole } = form;
    const hasPicture = blocks.some(({ type }) => type === 'image');
    return { text, message, whole, hasBlocks: blocks.length > 0, hasPicture };
  };
  const post = async (
    channelId: ChannelId,
    rootId: MessageId | null,
    message: ThreadMessage,
    key: string,
  ): Promise<ShownMessage> => {
    request(false);
    awaitRateLimit();
    assertWritable(channelId, rootId);
    const shown = await render(message, formsOf(message));
    const posted = append({ channelId, rootId }, { ...shown, key });
    loseResponse(false);
    return { ...posted, whole: shown.whole };
  };
  const findPosted = (channelId: ChannelId, rootId: MessageId | null, key: string): PostedMessage | null => {
    request(true);
    const found = messages.find(
      (one) => one.channelId === channelId && one.rootId === rootId && one.key === key,
    );
    return found === undefined ? null : { channelId, messageId: found.messageId };
  };

  const files = createMemoryFiles({
    request,
    loseResponse,
    refusesFiles: () => strikes('file-refused'),
    assertWritable,
    share: (where, fileId) => void append(where, { fileIds: [fileId] }),
    unshare(fileId) {
      for (const [index, one] of [...messages.entries()].reverse()) {
        if (one.fileIds.includes(fileId)) messages.splice(index, 1);
      }
    },
  });

  return {
    async post({ channelId, rootId }, message, key) {
      return post(channelId, rootId, message, key);
    },
    async find({ channelId, rootId }, key) {
      return findPosted(channelId, rootId, key);
    },
    async postCard(_workspaceId, channelId, message, key) {
      return post(channelId, null, message, key);
    },
    async findCard(_workspaceId, channelId, key) {
      return findPosted(channelId, null, key);
    },
    async postPrivately(_workspaceId, to, message, key) {
      return post(directChannelOf(to), null, message, key);
    },
    async findPrivate(_workspaceId, to, key) {
      return findPosted(directChannelOf(to), null, key);
    },
    async edit(_workspaceId, { channelId, messageId }, message) {
      request(true);
      // A progress message gives way to a rate limit: the next one says more.
      const posted = { channelId, messageId };
      if (message.kind === 'progress' && strikes('rate-limit')) return { ...posted, whole: true };
      awaitRateLimit();
      assertWritable(channelId, null);
      const index = messages.findIndex((one) => one.channelId === channelId && one.messageId === messageId);
      const before = messages[index];
      if (before === undefined) throw toRefusal('message_not_found');
      if (strikes('edit-refused')) {
        if (message.kind === 'progress') return { ...posted, whole: true };
        throw toRefusal('edit_window_closed');
      }
      const shown = await render(message, formsOf(message).slice(0, -1)).catch(() => {
        throw toRefusal('cant_update_message');
      });
      messages[index] = { ...before, ...shown, key: null };
      loseResponse(true);
      return { ...posted, whole: shown.whole };
    },
    async remove(_workspaceId, { channelId, messageId }) {
      request(true);
      awaitRateLimit();
      assertWritable(channelId, null);
      const index = messages.findIndex((one) => one.channelId === channelId && one.messageId === messageId);
      if (index >= 0) messages.splice(index, 1);
      loseResponse(true);
    },
    async postEphemeral(where, to, text) {
      const { channelId } = where;
      const root = 'rootId' in where ? where.rootId : null;
      const isReplied = messages.some(
        (one) => one.channelId === channelId && one.rootId === root && one.ephemeralTo === null,
      );
      // In a thread without a reply, the service would show it nowhere.
      const rootId = isReplied ? root : null;
      try {
        request(false);
        assertWritable(channelId, rootId);
        append({ channelId, rootId }, { text: escapeMrkdwn(text), ephemeralTo: to });
      } catch {
        if (strikes('unavailable')) return;
        const direct = `In <#${channelId}>: ${escapeMrkdwn(text)}`;
        append({ channelId: directChannelOf(to), rootId: null }, { text: direct });
      }
    },

    ...files.port,

    async permalink({ workspaceId, channelId, rootId }) {
      return messages.some((one) => one.channelId === channelId && one.messageId === rootId)
        ? `https://${workspaceId}.example.com/${channelId}/${rootId}`
        : null;
    },
    async memberName(_workspaceId, memberId) {
      return members.get(memberId)?.name ?? memberId;
    },
    async memberPhone(_workspaceId, memberId) {
      return members.get(memberId)?.phone ?? null;
    },
    async isExternal(_workspaceId, memberId) {
      request(true);
      const member = members.get(memberId);
      return member === undefined || member.elsewhere === 'another-organization';
    },
    async isAdmin(_workspaceId, memberId) {
      request(true);
      const member = members.get(memberId);
      if (member === undefined) throw toRefusal('user_not_found');
      return member.isAdmin === true && member.elsewhere === undefined;
    },
    async refreshHome(_workspaceId, memberId) {
      refreshedHomes.push(memberId);
    },

    messages(where) {
      const rootId = 'rootId' in where ? where.rootId : null;
      return messages.filter((one) => one.channelId === where.channelId && one.rootId === rootId);
    },
    directMessages: (memberId) => messages.filter(({ channelId }) => channelId === directChannelOf(memberId)),
    refreshedHomes,
    files,
    addMember: (memberId, member) => void members.set(memberId, member),
    say: (channelId, text = '') => append({ channelId, rootId: null }, { text }).messageId,
    deleteMessage({ messageId }) {
      deleted.add(messageId);
      const index = messages.findIndex((one) => one.messageId === messageId);
      if (index >= 0) messages.splice(index, 1);
    },
    archive(channelId, isArchived = true) {
      if (isArchived) archived.add(channelId);
      else archived.delete(channelId);
    },
    fail: (fault, times = Number.POSITIVE_INFINITY) => void faults.set(fault, times),
    recover: () => faults.clear(),
  };
};

const directChannelOf = (memberId: MemberId): ChannelId => `D-${memberId}` as ChannelId;

/** A thread under a new message of a person. */
export const newThread = (
  chat: MemoryChat,
  workspaceId: WorkspaceId = 'T1' as WorkspaceId,
  channelId: ChannelId = 'C1' as ChannelId,
): Thread => ({ workspaceId, channelId, rootId: chat.say(channelId) });
