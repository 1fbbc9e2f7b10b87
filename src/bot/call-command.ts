import type { MemberId } from '../core/ids.ts';
import { plain, unescapeMrkdwn } from './blocks/text.ts';

/** What was typed after `/parley call`. */
export type CallCommand =
  | { readonly kind: 'help' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'show-own-number' }
  /** Empty text removes it. */
  | { readonly kind: 'save-own-number'; readonly text: string }
  /** A name that Slack did not resolve to a member. */
  | { readonly kind: 'unknown-member'; readonly name: string }
  /** `to` null: the number is at the beginning of `text`. */
  | { readonly kind: 'call'; readonly to: MemberId | null; readonly text: string };

/** A number and a title; what is longer is neither. */
const TEXT_MAX = 300;

/** A member as Slack writes them with `should_escape`: `<@U123|ana>`. */
const LEADING_MEMBER = /^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/;
const OWN_NUMBER = /^my (?:own )?(?:(?:tele)?phone )?number\b[\s:]*(.*)$/i;
const REMOVE = /^(?:forget|remove|delete)(?: it)?$/i;

/**
 * Parses what was typed after `/parley call`, none of which is trusted.
 * @see https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling
 */
export const parseCallCommand = (typed: string): CallCommand => {
  const text = typed.trim();
  const member = LEADING_MEMBER.exec(text);
  if (member !== null) {
    return { kind: 'call', to: member[1] as MemberId, text: readable(text.slice(member[0].length)) };
  }
  const typedText = readable(text);
  if (typedText === '' || /^help$/i.test(typedText)) return { kind: 'help' };
  if (/^settings$/i.test(typedText)) return { kind: 'settings' };
  const own = OWN_NUMBER.exec(typedText);
  if (own !== null) {
    const number = own[1]!;
    if (number === '') return { kind: 'show-own-number' };
    return { kind: 'save-own-number', text: REMOVE.test(number) ? '' : number };
  }
  const [, name] = /^@(\S*)/.exec(typedText) ?? [];
  return name === undefined ? { kind: 'call', to: null, text: typedText } : { kind: 'unknown-member', name };
};

/**
 * What Slack writes in angle brackets, as people read it: `<@U1|ana>` is "@ana", `<#C1|general>` "#general", and
 * `<tel:+44…|+44 …>`, which a pasted number becomes, the number.
 */
const ENTITY = /<([@#!]|tel:|mailto:)?([^<>|]*)(?:\|([^<>]*))?>/g;

export const readable = (text: string, max: number = TEXT_MAX): string => {
  const shown = text.replace(ENTITY, (_all, sign: string = '', target: string, label: string = '') => {
    if (sign === '@' || sign === '#') return `${sign}${label || target}`;
    if (sign === '!') return label || `@${target}`;
    return label || target;
  });
  return plain(unescapeMrkdwn(shown), max);
};
