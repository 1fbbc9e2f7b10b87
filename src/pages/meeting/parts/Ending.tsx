import { useSelect } from '../page-context.ts';
import { Icon } from './Icon.tsx';

/** Longer sentences also say what to do, and are to be read and not only seen. */
const HEADLINE_MAX = 60;

/** What happened, and how to come back where that is possible. */
export function Ending() {
  const over = useSelect((state) => state.over);
  const title = useSelect((state) => state.info?.title ?? 'Meeting');
  if (over === null) return null;
  const canReturn = over.kind === 'left' || over.kind === 'elsewhere';
  const hasResult = over.kind === 'left' || over.kind === 'ended';
  return (
    <main class="ending">
      <span class="ending-mark">
        <Icon name={over.kind === 'removed' || over.kind === 'closed' ? 'closed' : 'wave'} />
      </span>
      <p class="ending-title">{title}</p>
      <h1 class={over.sentence.length > HEADLINE_MAX ? 'is-long' : undefined}>{over.sentence}</h1>
      {hasResult && (
        <p class="muted">
          The transcript, and who spoke how much,{' '}
          {over.kind === 'ended'
            ? 'come to its thread in Slack in a moment.'
            : 'come to its thread in Slack once the meeting is over.'}
        </p>
      )}
      {canReturn && (
        <button type="button" class="button is-main" onClick={() => location.reload()}>
          {over.kind === 'left' ? 'Join again' : 'Join here instead'}
        </button>
      )}
    </main>
  );
}
