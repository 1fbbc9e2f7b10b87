import { CAPTIONS } from '../../sentences.ts';
import { nameOf } from '../../state/state.ts';
import { useSelect } from '../page-context.ts';

/** As far as a screen reader may be behind; older lines are in the side panel. */
const MAX_LINES = 5;

/** Final captions for screen readers, which read each once. */
export function CaptionLog() {
  const isWanted = useSelect((state) => state.captionsWanted);
  const lines = useSelect((state) => state.captions.lines);
  const names = useSelect((state) => state.names);
  return (
    <div class="visually-hidden" role="log" aria-live="polite" aria-label={CAPTIONS.log}>
      {isWanted &&
        lines.slice(-MAX_LINES).map((line) => (
          <p key={line.id}>
            {nameOf({ names }, line.partyIndex)}: {line.text}
          </p>
        ))}
    </div>
  );
}
