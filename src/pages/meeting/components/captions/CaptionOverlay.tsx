import type { Caption } from '../../../../media/signalling/messages.ts';
import { lineCounts, visibleCaptions } from '../../state/captions.ts';
import { nameOf } from '../../state/state.ts';
import { speakerStyle } from '../../view/speaker-colours.ts';
import { useTicks } from '../../view/use-ticks.ts';
import { usePage, useSelect, useSettings } from '../page-context.ts';

/** At most ten renders a second, however fast interim captions come. */
const RENDER_INTERVAL_MS = 100;

/**
 * Live captions over the video. Hidden from screen readers, which get final captions from the log. It reads the state
 * at its own pace instead of rendering for every word.
 */
export function CaptionOverlay() {
  const { store, nowMs } = usePage();
  const isVisible = useSelect((state) => state.captionsWanted && state.captionsOn);
  const [{ captionPosition, captionLines }] = useSettings();
  useTicks(RENDER_INTERVAL_MS, isVisible);
  if (!isVisible) return null;
  const state = store.get();
  const captions = visibleCaptions(state.captions, nowMs());
  if (captions.length === 0) return null;
  const counts = lineCounts(captions.length, captionLines);
  return (
    <div class={`captions at-${captionPosition}`} aria-hidden="true">
      {captions.map((caption, index) => (
        <p
          key={caption.id}
          class="caption"
          style={{ ...speakerStyle(caption.partyIndex), '--lines': String(counts[index]) }}
        >
          <span class="caption-name">{nameOf(state, caption.partyIndex)}</span>
          <CaptionText caption={caption} />
        </p>
      ))}
    </div>
  );
}

/** Words that may still change are set apart. */
function CaptionText({ caption: { text, committed, isFinal } }: { caption: Caption }) {
  return (
    <span class="caption-text">
      <span>
        {isFinal ? text : text.slice(0, committed)}
        {!isFinal && <span class="caption-interim">{text.slice(committed)}</span>}
      </span>
    </span>
  );
}
