import { get } from 'node-emoji';

/** A square or circle of one colour: drawn by the page, in Slack's own shades. */
export interface Shape {
  readonly shape: 'square' | 'circle';
  readonly colour: string;
}

const COLOURS: Readonly<Record<string, string>> = {
  red: '#dd2e44',
  orange: '#f4900c',
  yellow: '#fdcb58',
  green: '#78b159',
  blue: '#55acee',
  purple: '#aa8ed6',
  brown: '#c1694f',
  black: '#31373d',
  white: '#ccd6dd',
};

/** Slack's names that node-emoji, which has GitHub's, lacks. */
const SLACK_NAMES: Readonly<Record<string, string>> = {
  studio_microphone: '🎙️',
  double_vertical_bar: '⏸️',
  thinking_face: '🤔',
};

/** `large_blue_square`, `black_large_square`, `red_circle`, `large_green_circle`, …; null for everything else. */
export function shapeOf(name: string): Shape | null {
  const [, large, small, shape] = /^(?:(?:large_)?([a-z]+)|([a-z]+)_large)_(square|circle)$/.exec(name) ?? [];
  const colour = COLOURS[large ?? small ?? ''];
  return colour && shape ? { shape: shape as Shape['shape'], colour } : null;
}

/** The emoji of a short name (without colons); undefined for an unknown name. */
export function emojiOf(name: string): string | undefined {
  return SLACK_NAMES[name] ?? get(name);
}
