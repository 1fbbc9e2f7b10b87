import { get } from 'node-emoji';

/**
 * Short names that Slack has and node-emoji (GitHub's names) has not, or has for another picture. The squares
 * matter most: Parley marks speakers with them.
 */
const SLACK_NAMES: Readonly<Record<string, string>> = {
  large_blue_square: '🟦',
  large_orange_square: '🟧',
  large_green_square: '🟩',
  large_purple_square: '🟪',
  large_yellow_square: '🟨',
  large_red_square: '🟥',
  large_brown_square: '🟫',
  large_green_circle: '🟢',
  large_orange_circle: '🟠',
  large_yellow_circle: '🟡',
  large_purple_circle: '🟣',
  large_brown_circle: '🟤',
  studio_microphone: '🎙️',
  double_vertical_bar: '⏸️',
  thinking_face: '🤔',
  slightly_smiling_face: '🙂',
  hourglass: '⌛',
};

/** The picture of a short name (without colons), or undefined when nobody knows it. */
export function emojiOf(name: string): string | undefined {
  return SLACK_NAMES[name] ?? get(name);
}
