import type { ChannelId, FileId, MemberId, MessageId, WorkspaceId } from '../../core/ids.ts';
import type { Chat, Clock, PostedMessage } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import type { TRIAL } from '../sentences/trial.ts';

/** What one step found to be true here. */
export interface Outcome {
  /** `warning`: it works otherwise than it should, and Parley manages. */
  readonly state: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly message: string;
  readonly advice?: string;
}

/** Where the trial takes place, and what its steps need of earlier ones; null where those failed. */
export interface Trial {
  readonly api: Api;
  readonly chat: Pick<Chat, 'postCard' | 'post' | 'uploadImage' | 'shareFile' | 'deleteFile' | 'openFile'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly workspaceId: WorkspaceId;
  readonly botUserId: string;
  readonly channelId: ChannelId;
  /** Of every message, so that each is found again. */
  readonly key: string;
  /** The hosts over which the last download was led, in order. */
  readonly hosts: string[];
  /** To whom something is sent that no one else sees. */
  readonly person: { readonly id: MemberId; readonly name: string } | null;
  root: MessageId | null;
  reply: PostedMessage | null;
  chartId: FileId | null;
  fileId: FileId | null;
  /** What the reply was edited into. */
  edited: { readonly text: string; readonly blocks: readonly object[] } | null;
}

export type StepName = keyof typeof TRIAL.steps;

export interface Step {
  readonly name: StepName;
  /** Earlier steps without which it cannot be tried. */
  readonly needs: readonly (keyof Pick<
    Trial,
    'root' | 'reply' | 'chartId' | 'fileId' | 'person' | 'edited'
  >)[];
  /** Throws where Slack refuses. */
  readonly run: (trial: Trial) => Promise<Outcome>;
}

export const ok = (message: string): Outcome => ({ state: 'ok', message });
export const failed = (message: string): Outcome => ({ state: 'failed', message });
