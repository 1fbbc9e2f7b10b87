import { useState } from 'preact/hooks';
import { END_SCREEN, TOP_BAR } from '../sentences.ts';
import { hasTranscript, isTranscribed, lengthMs } from '../state/capture.ts';
import { type Ending, kindOf, type State } from '../state/state.ts';
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
  const threadUrl = useSelect((state) => state.info?.threadUrl ?? null);
  const result = useSelect(resultSentence);
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
      {result !== null && <p class="muted">{result}</p>}
      <div class="end-screen-actions">
        {threadUrl !== null && (
          <a class="button is-primary" href={threadUrl}>
            {END_SCREEN.openInSlack}
          </a>
        )}
        {canRejoin && (
          <button
            type="button"
            class={threadUrl === null ? 'button is-primary' : 'button'}
            onClick={() => location.reload()}
          >
            {ending.kind === 'left' ? END_SCREEN.joinAgain : END_SCREEN.joinHere}
          </button>
        )}
      </div>
    </main>
  );
}

/** Promises no transcript of what was not transcribed. */
const resultSentence = (state: State): string | null => {
  const ending: Ending['kind'] | undefined = state.ending?.kind;
  if (ending === 'ended') return hasTranscript(state) ? END_SCREEN.resultSoon : null;
  const isExpected = ending === 'left' && (hasTranscript(state) || isTranscribed(state));
  return isExpected ? END_SCREEN.resultLater(kindOf(state)) : null;
};

/** As it was when the page left it. */
function Summary() {
  const { nowMs, store } = usePage();
  const people = useSelect((state) => Object.keys(state.names).length);
  const [length] = useState(() => lengthMs(store.get(), nowMs()));
  return (
    <>
      {length !== null && <p class="end-screen-summary">{END_SCREEN.summary(formatClock(length), people)}</p>}
      <TalkTime />
    </>
  );
}
