import { useSelect } from '../page-context.ts';

export function LineBanner() {
  const lost = useSelect((state) => state.line === 'lost');
  return (
    <div role="status">
      {lost && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          The connection is lost. Parley is getting you back in …
        </p>
      )}
    </div>
  );
}
