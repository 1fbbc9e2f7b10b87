import { linesOfEach, shownAt } from '../captions.ts';
import { partyStyle } from '../colours.ts';
import { usePage, useSelect, useSettings } from '../page-context.ts';
import { nameOf } from '../state.ts';
import { useTicks } from '../use-ticks.ts';

/** At most ten paints a second, however fast interim words come. */
const PAINT_EVERY_MS = 100;

/**
 * What is being said. Not announced: screen readers get finals alone, from the log. It reads the
 * state at its own pace instead of being drawn at every word.
 */
export function CaptionOverlay() {
  const { store, nowMs } = usePage();
  const visible = useSelect((state) => state.captionsWanted && state.captionsOn);
  const [{ captionPlace, captionLines }] = useSettings();
  useTicks(PAINT_EVERY_MS, visible);
  if (!visible) return null;
  const state = store.get();
  const shown = shownAt(state.captions, nowMs());
  if (shown.length === 0) return null;
  const lines = linesOfEach(shown.length, captionLines);
  return (
    <div class={`captions at-${captionPlace}`} aria-hidden="true">
      {shown.map((caption, at) => (
        <p
          key={caption.id}
          class="caption"
          style={{ ...partyStyle(caption.partyIndex), '--lines': String(lines[at]) }}
        >
          <span class="caption-name">{nameOf(state, caption.partyIndex)}</span>
          <span class="caption-words">
            <span>
              {caption.text.slice(0, caption.committed)}
              {!caption.isFinal && <span class="caption-tail">{caption.text.slice(caption.committed)}</span>}
              {caption.isFinal && caption.text.slice(caption.committed)}
            </span>
          </span>
        </p>
      ))}
    </div>
  );
}
