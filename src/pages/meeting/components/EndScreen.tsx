import { useState } from 'preact/hooks';
import { END_SCREEN, TOP_BAR } from '../sentences.ts';
import { kindOf } from '../state/state.ts';
import { formatClock } from '../view/format.ts';
import { Icon } from './controls/Icon.tsx';
import { usePage, useSelect } from './page-context.ts';
import { TalkTime } from './panel/TalkTime.tsx';

/** A longer sentence also says what to do, and is set as text instead of a headline. */
const MAX_HEADLINE_LENGTH = 60;

/** How the meeting ended for this page, how long it was and who spoke, and how to go on. */
export function EndScreen() {
  const ending = useSelect((state) => state.ending);
  const title = useSelect((state) => state.info?.title ?? TOP_BAR.untitled);
  const kind = useSelect(kindOf);
  if (ending === null) return null;
  const canRejoin = ending.kind === 'left' || ending.kind === 'replaced';
  const hasResult = ending.kind === 'left' || ending.kind === 'ended';
  return (
    <main class="end-screen">
      <span class="end-screen-icon">
        <Icon name={ending.kind === 'removed' || ending.kind === 'closed' ? 'closed' : 'wave'} />
      </span>
      <p class="end-screen-title">{title}</p>
      <h1 class={ending.sentence.length > MAX_HEADLINE_LENGTH ? 'is-long' : undefined}>{ending.sentence}</h1>
      {hasResult && <Summary />}
      {hasResult && (
        <p class="muted">{ending.kind === 'ended' ? END_SCREEN.resultSoon : END_SCREEN.resultLater(kind)}</p>
      )}
      {canRejoin && (
        <button type="button" class="button is-primary" onClick={() => location.reload()}>
          {ending.kind === 'left' ? END_SCREEN.joinAgain : END_SCREEN.joinHere}
        </button>
      )}
    </main>
  );
}

/** As it was when the page left it. */
function Summary() {
  const { nowMs } = usePage();
  const clockZeroMs = useSelect((state) => state.clockZeroMs);
  const people = useSelect((state) => Object.keys(state.names).length);
  const [lengthMs] = useState(() => nowMs() - clockZeroMs);
  return (
    <>
      <p class="end-screen-summary">{END_SCREEN.summary(formatClock(lengthMs), people)}</p>
      <TalkTime />
    </>
  );
}
