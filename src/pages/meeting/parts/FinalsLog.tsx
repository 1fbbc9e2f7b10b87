import { useSelect } from '../page-context.ts';
import { nameOf } from '../state.ts';

/** As much as a screen reader may be behind; older lines are in the side panel. */
const KEPT = 5;

/** Final captions for screen readers: said once, when they will not change any more. */
export function FinalsLog() {
  const wanted = useSelect((state) => state.captionsWanted);
  const lines = useSelect((state) => state.captions.lines);
  const names = useSelect((state) => state.names);
  return (
    <div class="for-readers" role="log" aria-live="polite" aria-label="Captions">
      {wanted &&
        lines.slice(-KEPT).map((line) => (
          <p key={line.id}>
            {nameOf({ names }, line.partyIndex)}: {line.text}
          </p>
        ))}
    </div>
  );
}
