/** Records of the workspace. Slack's spelling appears only in wire formats. */

export type Json = Record<string, unknown>;

export interface Team {
  readonly id: string;
  readonly name: string;
  readonly domain: string;
  /** The Enterprise Grid that the workspace belongs to. */
  readonly enterprise?: Enterprise;
}

interface Enterprise {
  readonly id: string;
  readonly name: string;
}

/** Where a person belongs who is here only through a shared channel. */
export interface Elsewhere {
  /** A workspace of the same Enterprise Grid, or another organization through Slack Connect. */
  readonly kind: 'another-workspace' | 'another-organization';
  readonly teamId: string;
}

export interface User {
  readonly id: string;
  /** The handle, as in `@ana`. */
  readonly name: string;
  readonly realName: string;
  readonly displayName: string;
  readonly colour: string;
  readonly isBot: boolean;
  readonly timeZone: string;
  /** In their profile, as they wrote it. */
  readonly phone?: string;
  readonly isAdmin?: boolean;
  /** Absent for people of this workspace. */
  readonly elsewhere?: Elsewhere;
}

export interface Channel {
  readonly id: string;
  readonly kind: 'channel' | 'im';
  /** Empty for a direct conversation. */
  readonly name: string;
  readonly topic: string;
  readonly creator: string;
  readonly createdSec: number;
  /** The person at the other end of a direct conversation with the bot. */
  readonly imWith?: string;
  /** No one can post in it; members and messages stay. */
  readonly archived?: boolean;
}

export interface Message {
  readonly channel: string;
  readonly ts: string;
  readonly threadTs?: string;
  readonly user: string;
  readonly botId?: string;
  /** The name of another app than this one, whose bot or workflow posted it. */
  readonly otherApp?: string;
  /** The message that it forwards. */
  readonly forwards?: { readonly channel: string; readonly ts: string };
  readonly subtype?: string;
  /** As Slack keeps it: `&`, `<` and `>` escaped, mentions and links in angle brackets. */
  readonly text: string;
  readonly blocks?: readonly Json[];
  readonly fileIds?: readonly string[];
  readonly metadata?: { readonly event_type: string; readonly event_payload: Json };
  readonly edited?: { readonly user: string; readonly ts: string };
  readonly reactions?: readonly { readonly name: string; readonly users: readonly string[] }[];
  readonly ephemeralTo?: string;
  /** A thread's root that was deleted while it has replies. */
  readonly deleted?: true;
}

export interface FileRecord {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly altText?: string;
  readonly user: string;
  readonly createdSec: number;
  readonly size: number;
  /**
   * `reserved`: an upload URL was issued; `uploaded`: the bytes arrived; `digesting`: completed, and being
   * processed; `ready`; `deleted`.
   */
  readonly state: 'reserved' | 'uploaded' | 'digesting' | 'ready' | 'deleted';
  /** Empty until the file is `ready`. */
  readonly mimetype: string;
  readonly filetype: string;
  readonly image?: { readonly width: number; readonly height: number };
  readonly shares: readonly { readonly channel: string; readonly ts: string; readonly threadTs?: string }[];
  /** The message that shares it once it is processed. */
  readonly shareWhenReady?: ShareRequest;
  /** The secret of a single-use upload URL; gone once used. */
  readonly uploadSecret?: string;
}

export interface ShareRequest {
  readonly channel: string;
  readonly threadTs?: string;
  readonly comment?: string;
  readonly blocks?: readonly Json[];
  /** All files of the message, in order. The message appears when the last is ready. */
  readonly fileIds: readonly string[];
}

interface Command {
  readonly command: string;
  readonly description: string;
  readonly usageHint: string;
  /** `should_escape`: people, channels and links in what is typed come as `<@U1|ana>`, `<#C1|general>`, `<https://…>`. */
  readonly shouldEscape?: boolean | undefined;
}

/** What an app's settings pages hold at Slack. */
export interface AppSettings {
  readonly appId: string;
  readonly botId: string;
  readonly botUserId: string;
  readonly name: string;
  readonly commands: readonly Command[];
  readonly messageShortcuts: readonly { callbackId: string; name: string }[];
  readonly globalShortcuts: readonly { callbackId: string; name: string }[];
  readonly events: readonly string[];
  readonly scopes: readonly string[];
  /** Null means Socket Mode. */
  readonly requestUrl: string | null;
  readonly signingSecret: string;
  /** 1 is Slack's pace (at once, 1 minute, 5 minutes); tests use less. */
  readonly retryScale: number;
  /** How long an event may wait for its acknowledgement over Socket Mode; Slack's own 3 s when left out. Tests use less. */
  readonly eventAckTimeoutMs?: number;
  readonly enforceLimits: boolean;
}
