import { LIGHT } from '../consent-sentences.ts';
import { TOP_BAR } from '../sentences.ts';
import { captureNow, lengthMs, lightOf } from '../state/capture.ts';
import { formatClock } from '../view/format.ts';
import { useTicks } from '../view/use-ticks.ts';
import { usePage, useSelect } from './page-context.ts';

export function TopBar() {
  const { nowMs } = usePage();
  const title = useSelect((state) => state.info?.title ?? TOP_BAR.untitled);
  const state = usePage().store.get();
  useTicks(1_000);
  const elapsedMs = lengthMs(state, nowMs());
  return (
    <header class="top-bar">
      <h1>{title}</h1>
      {elapsedMs !== null && (
        <span class="clock" role="timer" aria-label={TOP_BAR.elapsed}>
          {formatClock(elapsedMs)}
        </span>
      )}
      <span class="spacer" />
      <CaptionsWarning />
      <CaptureLight />
    </header>
  );
}

/** What is done with what is said, for as long as it is. */
function CaptureLight() {
  const info = useSelect((state) => state.info);
  const call = useSelect((state) => state.call);
  const captionsOn = useSelect((state) => state.captionsOn);
  const capture = captureNow({ info, call, captionsOn, phase: 'joined' });
  const { text, tone } = lightOf(capture);
  return (
    <span class={`tag is-${tone}`} role="status" title={LIGHT.about(capture)}>
      {tone !== 'off' && <span class="dot" aria-hidden="true" />}
      <span class="tag-text">{text}</span>
    </span>
  );
}

function CaptionsWarning() {
  const isUnsaved = useSelect((state) => state.captionsUnsaved);
  const isDelayed = useSelect((state) => state.captionsOn && state.captionsDelayed);
  const text = isUnsaved ? TOP_BAR.captionsUnsaved : isDelayed ? TOP_BAR.captionsDelayed : null;
  return <span role="status">{text !== null && <span class="tag is-warning">{text}</span>}</span>;
}
