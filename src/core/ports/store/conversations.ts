import type { Conversation, RecordingConversation } from '../../conversation/types.ts';
import type { ChannelId, ConversationId, FileId, MemberId, MessageId, WorkspaceId } from '../../ids.ts';

export interface ConversationTx {
  /** Inserts, unless `origin` is taken; then returns the conversation that has it. */
  addConversation(
    conversation: Conversation,
    origin: string,
  ): Promise<{ added: boolean; conversation: Conversation }>;
  /** `lock` holds the row until the transaction ends, so that decisions about one conversation are serialised. */
  conversation(id: ConversationId, options?: { lock: boolean }): Promise<Conversation | null>;
  /** The recordings posted in one message, by position. */
  conversationsPostedIn(
    workspaceId: WorkspaceId,
    channelId: ChannelId,
    messageId: MessageId,
  ): Promise<RecordingConversation[]>;
  /** The recordings that are this file of the chat service, wherever it was posted. */
  recordingsOfFile(workspaceId: WorkspaceId, fileId: FileId): Promise<RecordingConversation[]>;
  /** Started by this member, newest first. */
  conversationsOf(workspaceId: WorkspaceId, memberId: MemberId, limit: number): Promise<Conversation[]>;
  saveConversation(conversation: Conversation): Promise<void>;
}
