import { useEffect } from 'preact/hooks';
import { CONNECTION_STATES, MICROPHONE_INTERRUPTED, MUTED } from '../sentences.ts';
import { useDispatch, useSelect, useSettings } from './page-context.ts';

/** Long enough to read it and to find the key. */
const MUTED_DISPLAY_MS = 6_000;

/** What keeps others from hearing this person. */
export function ConnectionBanner() {
  const connection = useSelect((state) => state.connection);
  const isInterrupted = useSelect(
    ({ localMedia }) => localMedia.interrupted && localMedia.microphone === 'on',
  );
  const isTold = useSelect((state) => state.spokeMuted);
  return (
    <div role="status">
      {connection !== 'connected' && (
        <p class="banner">
          <span class="spinner" aria-hidden="true" />
          {CONNECTION_STATES[connection]}
        </p>
      )}
      {connection === 'connected' && isInterrupted && <p class="banner">{MICROPHONE_INTERRUPTED}</p>}
      {connection === 'connected' && isTold && <MutedBanner />}
    </div>
  );
}

/** Where nothing can hover, there is a touch screen and mostly no keyboard. */
const hasKeyboard = (): boolean => matchMedia('(any-hover: hover)').matches;

/** To someone who speaks while muted. */
function MutedBanner() {
  const dispatch = useDispatch();
  const [{ shortcuts }] = useSettings();
  useEffect(() => {
    const timer = setTimeout(() => dispatch({ type: 'spoke-muted', shown: false }), MUTED_DISPLAY_MS);
    return () => clearTimeout(timer);
  }, [dispatch]);
  return <p class="banner">{MUTED(shortcuts && hasKeyboard())}</p>;
}
