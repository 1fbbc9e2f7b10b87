import type { MemberId, WorkspaceId } from '../../../core/ids.ts';
import type { RequestOutcome } from '../../../core/ports.ts';
import type { Recipient } from '../../replies.ts';
import type { ListenerDeps } from '../deps.ts';

/** What a member typed, and where. */
export interface Typed {
  /** The command as they typed it, for sentences that say how to go on: `/parley call`. */
  readonly command: string;
  /** What follows it. */
  readonly text: string;
  readonly workspaceId: WorkspaceId;
  readonly by: MemberId;
  readonly triggerId: string;
  readonly recipient: Recipient;
}

/** Null: what there is to say was said. */
export type RunCommand = (deps: ListenerDeps, typed: Typed) => Promise<RequestOutcome | null>;

export const refused = (sentence: string): RequestOutcome => ({ outcome: 'refused', sentence });
