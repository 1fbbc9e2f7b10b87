/** Initials on the person's colour; a bot gets Parley's own mark. Decoration: the name stands beside it. */
export function Avatar({
  name,
  colour,
  isBot,
  small,
}: {
  name: string;
  colour: string;
  isBot?: boolean;
  small?: boolean;
}) {
  const className = `avatar${small ? ' is-small' : ''}${isBot ? ' is-bot' : ''}`;
  return (
    <span
      class={className}
      style={isBot ? undefined : { backgroundColor: behindInitials(colour) }}
      // Drawn by the stylesheet: as text they would belong to the name of the button that they are on.
      data-initials={isBot ? undefined : initialsOf(name)}
      aria-hidden="true"
    >
      {isBot && <BotMark />}
    </span>
  );
}

function BotMark() {
  return (
    <svg viewBox="0 0 32 32" width="60%" height="60%" aria-hidden="true">
      <path
        d="M5 13v6M12.3 8v16M19.7 10.500v11M27 13v6"
        stroke="#fff"
        stroke-width="3.6"
        stroke-linecap="round"
      />
    </svg>
  );
}

/** A person's colour, so dark that white initials on it are read easily. */
export const behindInitials = (colour: string): string => `color-mix(in srgb, ${colour} 80%, black)`;

/** The first letters of the first and the last word, as people see letters (not code units). */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  const first = (word: string) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? '';
  return ends.map(first).join('').toUpperCase();
}
