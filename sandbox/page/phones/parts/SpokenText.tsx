import { useEffect, useRef } from 'preact/hooks';

/** What the machine's voice said: these telephones have no voice for it, and show it. */
export function SpokenText({ spoken }: { readonly spoken: readonly string[] }) {
  const list = useRef<HTMLOListElement>(null);
  const { length } = spoken;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there is more to read.
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [length]);
  return (
    <ol ref={list} class="call-spoken" aria-live="polite" aria-label="Spoken by a machine’s voice">
      {spoken.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only ever added at the end.
        <li key={index} dir="auto">
          {text}
        </li>
      ))}
    </ol>
  );
}
