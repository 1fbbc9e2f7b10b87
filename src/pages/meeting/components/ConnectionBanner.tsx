import { CONNECTION_STATES } from '../sentences.ts';
import { useSelect } from './page-context.ts';

export function ConnectionBanner() {
  const connection = useSelect((state) => state.connection);
  return (
    <div role="status">
      {connection !== 'connected' && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          {CONNECTION_STATES[connection]}
        </p>
      )}
    </div>
  );
}
