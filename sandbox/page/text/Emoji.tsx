import { emojiOf, shapeOf } from './emoji.ts';

/** The emoji of a short name; an unknown name stays as it was written. */
export function Emoji({ name }: { name: string }) {
  const shape = shapeOf(name);
  const picture = emojiOf(name);
  const shared = { role: 'img' as const, 'aria-label': name.replaceAll('_', ' '), title: `:${name}:` };
  if (shape) {
    return (
      <span {...shared} class={`emoji-shape is-${shape.shape}`} style={{ backgroundColor: shape.colour }} />
    );
  }
  if (!picture) return `:${name}:`;
  return (
    <span {...shared} class="emoji">
      {picture}
    </span>
  );
}
