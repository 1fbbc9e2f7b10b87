import type { App } from '@slack/bolt';
import type { Chat, Clock, Log, Requests } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import type { CommandNames } from '../commands.ts';
import type { Replies } from '../replies.ts';

/** The part of Bolt's app that listeners register on. */
export type Registry = Pick<App, 'event' | 'command' | 'action' | 'shortcut' | 'view'>;

export interface ListenerDeps {
  readonly requests: Requests;
  readonly chat: Chat;
  readonly api: Api;
  readonly replies: Replies;
  readonly commands: CommandNames;
  readonly clock: Clock;
  readonly log: Log;
}
