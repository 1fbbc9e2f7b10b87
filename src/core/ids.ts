/** Ids are plain strings that the type checker keeps apart. They are branded once, at the edge that parsed them. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type ConversationId = Id<'Conversation'>;
/** The chat workspace (in Slack: the team) that a conversation belongs to. */
export type WorkspaceId = Id<'Workspace'>;
export type ChannelId = Id<'Channel'>;
/** A member of the chat workspace. */
export type MemberId = Id<'Member'>;
/** A message within its channel (in Slack: its `ts`). Sorts by time as text within one channel. */
export type MessageId = Id<'Message'>;
/** A phone in a conversation. */
export type LegId = Id<'Leg'>;
/** E.164: `+442079460000`. */
export type PhoneNumber = Id<'PhoneNumber'>;
/** The phone provider's id of one phone's call. */
export type ProviderCallId = Id<'ProviderCall'>;
/** A recording kept by the phone provider. */
export type RecordingId = Id<'Recording'>;
/** A file kept by the chat service. */
export type FileId = Id<'File'>;

export interface Channel {
  readonly workspaceId: WorkspaceId;
  readonly channelId: ChannelId;
}

/** The thread under the message `rootId`. */
export interface Thread extends Channel {
  readonly rootId: MessageId;
}
