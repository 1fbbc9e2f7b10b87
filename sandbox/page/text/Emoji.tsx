import { emojiOf } from './emoji.ts';

/** The picture of a short name; a name nobody knows stays as it was written. */
export function Emoji({ name }: { name: string }) {
  const picture = emojiOf(name);
  if (!picture) return `:${name}:`;
  return (
    <span className="emoji" role="img" aria-label={name.replaceAll('_', ' ')} title={`:${name}:`}>
      {picture}
    </span>
  );
}
