/** Initials on the person's colour; a bot gets Parley's logo. Hidden from screen readers, as the name stands beside it. */
export function Avatar({
  name,
  colour,
  isBot,
  isSmall,
}: {
  name: string;
  colour: string;
  isBot?: boolean;
  isSmall?: boolean;
}) {
  const className = `avatar${isSmall ? ' is-small' : ''}${isBot ? ' is-bot' : ''}`;
  return (
    <span
      class={className}
      style={isBot ? undefined : { backgroundColor: backgroundOf(colour) }}
      // Drawn by the stylesheet: as text they would become part of the button's name.
      data-initials={isBot ? undefined : initialsOf(name)}
      aria-hidden="true"
    >
      {isBot && <BotLogo />}
    </span>
  );
}

function BotLogo() {
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

/** A person's colour, darkened until white initials have enough contrast. */
export const backgroundOf = (colour: string): string => `color-mix(in srgb, ${colour} 80%, black)`;

/** The first grapheme of the first and of the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const ends = words.length > 1 ? [words[0]!, words.at(-1)!] : words;
  const first = (word: string) => [...new Intl.Segmenter().segment(word)][0]?.segment ?? '';
  return ends.map(first).join('').toUpperCase();
}
