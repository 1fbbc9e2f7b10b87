import { TOP_BAR } from '../sentences.ts';
import { formatClock } from '../view/format.ts';
import { useTicks } from '../view/use-ticks.ts';
import { usePage, useSelect } from './page-context.ts';

export function TopBar() {
  const { nowMs } = usePage();
  const title = useSelect((state) => state.info?.title ?? TOP_BAR.untitled);
  const clockZeroMs = useSelect((state) => state.clockZeroMs);
  useTicks(1_000);
  return (
    <header class="top-bar">
      <h1>{title}</h1>
      <span class="clock" role="timer" aria-label={TOP_BAR.elapsed}>
        {formatClock(nowMs() - clockZeroMs)}
      </span>
      <span class="spacer" />
      <CaptionsTag />
    </header>
  );
}

function CaptionsTag() {
  const isOn = useSelect((state) => state.captionsOn);
  const isDelayed = useSelect((state) => state.captionsDelayed);
  if (!isOn) return <span class="tag">{TOP_BAR.captionsOff}</span>;
  if (isDelayed) {
    return (
      <span class="tag is-warning" role="status">
        {TOP_BAR.captionsDelayed}
      </span>
    );
  }
  return (
    <span class="tag is-live">
      <span class="dot" aria-hidden="true" /> {TOP_BAR.captionsLive}
    </span>
  );
}
