import { clockText } from '../format.ts';
import { usePage, useSelect } from '../page-context.ts';
import { useTicks } from '../use-ticks.ts';

export function TopBar() {
  const { nowMs } = usePage();
  const title = useSelect((state) => state.info?.title ?? 'Meeting');
  const clockZeroMs = useSelect((state) => state.clockZeroMs);
  const on = useSelect((state) => state.captionsOn);
  const delayed = useSelect((state) => state.captionsDelayed);
  useTicks(1_000);
  return (
    <header class="top-bar">
      <h1>{title}</h1>
      <span class="clock" role="timer" aria-label="Running for">
        {clockText(nowMs() - clockZeroMs)}
      </span>
      <span class="spring" />
      {!on && <span class="tag">Captions are off</span>}
      {on && delayed && (
        <span class="tag is-warning" role="status">
          Captions are delayed
        </span>
      )}
      {on && !delayed && (
        <span class="tag is-live">
          <span class="dot" aria-hidden="true" /> Captioned
        </span>
      )}
    </header>
  );
}
