import { CONNECTION_STATES, MICROPHONE_INTERRUPTED } from '../sentences.ts';
import { useSelect } from './page-context.ts';

/** What keeps others from hearing this person. */
export function ConnectionBanner() {
  const connection = useSelect((state) => state.connection);
  const isInterrupted = useSelect(
    ({ localMedia }) => localMedia.interrupted && localMedia.microphone === 'on',
  );
  return (
    <div role="status">
      {connection !== 'connected' && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          {CONNECTION_STATES[connection]}
        </p>
      )}
      {connection === 'connected' && isInterrupted && <p class="banner">{MICROPHONE_INTERRUPTED}</p>}
    </div>
  );
}
