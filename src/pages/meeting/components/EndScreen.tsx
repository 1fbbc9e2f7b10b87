import { END_SCREEN, TOP_BAR } from '../sentences.ts';
import { kindOf } from '../state/state.ts';
import { Icon } from './controls/Icon.tsx';
import { useSelect } from './page-context.ts';

/** A longer sentence also says what to do, and is set as text instead of a headline. */
const MAX_HEADLINE_LENGTH = 60;

/** How the meeting ended for this page, and how to join again where that is possible. */
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
