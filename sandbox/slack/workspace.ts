import type { Clock, Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { ControlEvent } from './control/contract.ts';
import type { AppLink } from './events/link.ts';
import type { EventQueue } from './events/queue.ts';
import type { SlackFailure } from './failures.ts';
import type { FilePipeline } from './files/pipeline.ts';
import type { Limits } from './limits.ts';
import type { ModalDesk } from './people/modals.ts';
import type { Triggers } from './people/triggers.ts';
import type { Store } from './store/store.ts';
import type { AppSettings, FileRecord, Team } from './types.ts';

/** What the parts of the Slack simulator share. Built once, in `server.ts`. */
export interface Workspace {
  readonly store: Store;
  readonly failures: Failures<SlackFailure>;
  readonly limits: Limits;
  readonly tokens: { readonly bot: string; readonly app: string };
  /** The server's URL, without a trailing slash. Known once it listens. */
  readonly url: () => string;
  readonly newTs: () => string;
  readonly nowMs: () => number;
  readonly clock: Clock;
  readonly team: () => Team;
  readonly app: () => AppSettings;
  /** Sends an event to every open page. */
  readonly broadcast: (event: ControlEvent) => void;
  /** Events to the app. */
  readonly events: EventQueue;
  /** Commands and interactions to the app. */
  readonly link: AppLink;
  readonly triggers: Triggers;
  readonly modals: ModalDesk;
  readonly files: FilePipeline;
  /** Where a file's bytes are, for a minute and without a token. */
  readonly presignedUrl: (file: FileRecord) => string;
  readonly samplesDir: string | null;
  readonly log: Log;
}

/** Whether this is the bot's user. */
export const isBotIn = (workspace: Workspace, channel: string): boolean =>
  workspace.store.directory.isMember(channel, workspace.app().botUserId);
