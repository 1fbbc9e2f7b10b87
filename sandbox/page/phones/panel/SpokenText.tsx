import { useEffect, useRef } from 'preact/hooks';
import { call } from '../sentences.ts';

/** What text-to-speech said in the call, as text: demo phones have no speech synthesis. */
export function SpokenText({ spoken }: { readonly spoken: readonly string[] }) {
  const list = useRef<HTMLOListElement>(null);
  const { length } = spoken;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever there is more to read.
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight });
  }, [length]);
  return (
    <ol ref={list} class="call-spoken" aria-live="polite" aria-label={call.spokenByMachine}>
      {spoken.map((text, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: sentences are only ever added at the end.
        <li key={index} dir="auto">
          {text}
        </li>
      ))}
    </ol>
  );
}
