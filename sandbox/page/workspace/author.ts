import type { StoredMessage } from '../../slack/control/contract.ts';
import { messages } from '../sentences.ts';
import type { State } from './state.ts';

export interface Author {
  readonly name: string;
  readonly colour: string;
  readonly isBot: boolean;
}

/** The author of a message as it is shown. */
export function authorOf(state: State, message: Pick<StoredMessage, 'user' | 'bot_id'>): Author {
  const person = state.workspace?.people.find((candidate) => candidate.id === message.user);
  const bot = state.workspace?.bot;
  const isBot = message.bot_id !== undefined || person?.isBot === true || bot?.userId === message.user;
  const name = isBot ? (bot?.name ?? person?.realName) : (person?.realName ?? person?.name);
  return { name: name ?? messages.someone, colour: person?.colour ?? '#6b7280', isBot };
}
