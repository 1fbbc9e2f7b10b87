import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import type { PhoneBehaviour, PhonesState } from '../../phones/control/contract.ts';
import type { Microphone } from './state.ts';

/** `+44 20 7946 0101`, as people read it. */
export const spelled = (number: string): string =>
  parsePhoneNumberFromString(number)?.formatInternational() ?? number;

/** What somebody typed as E.164; null when it is no number with its country. */
export function numberFrom(typed: string): string | null {
  const number = parsePhoneNumberFromString(typed.trim().replace(/^00/, '+'));
  return number?.isPossible() ? number.number : null;
}

/** Whose a number is: Parley's, somebody's, or the number itself. */
export function nameOf(known: PhonesState, number: string): string {
  if (number === known.parley) return 'Parley';
  return known.phones.find((phone) => phone.number === number)?.owner ?? spelled(number);
}

/** "Ana’s telephone", or its number. */
export const telephoneOf = (phone: { readonly owner: string | null; readonly number: string }): string =>
  phone.owner === null ? `The telephone ${spelled(phone.number)}` : `${phone.owner}’s telephone`;

/** `1:05`, `1:00:05`. */
export function clockOf(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const shown = parts[0] === 0 ? parts.slice(1) : parts;
  return shown.map((part, index) => (index === 0 ? String(part) : String(part).padStart(2, '0'))).join(':');
}

type BehaviourType = PhoneBehaviour['type'];

/** In the order of the menu. */
export const BEHAVIOURS: readonly {
  readonly type: BehaviourType;
  readonly label: string;
  readonly detail: string;
}[] = [
  { type: 'ring', label: 'Rings here', detail: 'You answer it on this page' },
  { type: 'answer', label: 'A recorded voice answers', detail: 'It holds a conversation' },
  { type: 'voicemail', label: 'Voicemail answers', detail: 'A greeting, a beep, then it listens' },
  { type: 'busy', label: 'Is busy', detail: 'The caller hears so at once' },
  { type: 'no-answer', label: 'Nobody answers', detail: 'It rings until the caller gives up' },
  { type: 'decline', label: 'Refuses the call', detail: 'After a moment of ringing' },
  { type: 'unreachable', label: 'Cannot be reached', detail: 'The network finds no such telephone' },
];

export const labelOf = (behaviour: PhoneBehaviour): string =>
  BEHAVIOURS.find(({ type }) => type === behaviour.type)?.label ?? behaviour.type;

/** What else there is to know of a behaviour; null when its name says all. */
export function detailOf(behaviour: PhoneBehaviour): string | null {
  if (behaviour.type !== 'answer') return null;
  const { turns, hangsUp, keys } = behaviour;
  const says = turns.length === 0 ? 'Says nothing' : `Says ${listOf(turns)}`;
  const pressed = keys === undefined ? '' : `, presses ${keys} when asked`;
  return `${says}${pressed}, then ${hangsUp ? 'hangs up' : 'stays on the line'}.`;
}

/** Two turns or more of one voice in their order are told by their first and last. */
function listOf(turns: readonly string[]): string {
  const [voice] = voicesOf(turns);
  const isWhole = voice !== undefined && voice.turns.join() === turns.join();
  return isWhole ? `${turns[0]} to ${turns.at(-1)}` : turns.join(', ');
}

/** What is set when a behaviour is chosen by its name alone. A recorded voice is asked about first. */
export function plainBehaviour(type: Exclude<BehaviourType, 'answer'>): PhoneBehaviour {
  return type === 'voicemail' ? { type, afterMs: 3000 } : { type };
}

export interface Voice {
  readonly name: string;
  readonly turns: readonly string[];
}

/** Recordings whose names differ in their last number are the turns of one voice: `ben-1`, `ben-2`. */
export function voicesOf(recordings: readonly string[]): readonly Voice[] {
  const turns = Map.groupBy(recordings, (name) => /^(.+)-\d+$/.exec(name)?.[1] ?? '');
  turns.delete('');
  const place = (name: string) => Number(name.slice(name.lastIndexOf('-') + 1));
  return [...turns]
    .filter(([, names]) => names.length > 1)
    .map(([name, names]) => ({ name, turns: names.toSorted((a, b) => place(a) - place(b)) }));
}

/** Why the other side does not hear the visitor; null when it does, or soon will. */
export function problemOf(microphone: Microphone): string | null {
  switch (microphone) {
    case 'asked':
    case 'on':
      return null;
    case 'refused':
      return 'You hear them, but they do not hear you: this page may not use the microphone. Allow it in the browser’s address bar.';
    case 'none':
      return 'You hear them, but they do not hear you: no microphone was found. You can still play a recording to them.';
    case 'unsafe':
      return 'You hear them, but they do not hear you: browsers give a microphone only to 127.0.0.1 and to https.';
  }
}
