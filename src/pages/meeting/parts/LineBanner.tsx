import { useSelect } from '../page-context.ts';
import type { State } from '../state.ts';

const SENTENCES: Readonly<Record<Exclude<State['line'], 'live'>, string>> = {
  silent: 'Your connection is interrupted. Others may not hear you now …',
  lost: 'The connection is lost. Parley is getting you back in …',
};

export function LineBanner() {
  const line = useSelect((state) => state.line);
  return (
    <div role="status">
      {line !== 'live' && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          {SENTENCES[line]}
        </p>
      )}
    </div>
  );
}
