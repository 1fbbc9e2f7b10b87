import { useEffect } from 'preact/hooks';
import { useDispatch, useSelect } from '../page-context.ts';
import { Icon } from './Icon.tsx';

/** Long enough to read two sentences. */
const SHOWN_FOR_MS = 5_000;

/** One piece of news at a time, read aloud politely. Problems stay until they are closed. */
export function NoticeBar() {
  const notice = useSelect((state) => state.notice);
  const dispatch = useDispatch();
  const id = notice?.id;
  const stays = notice?.tone === 'problem';
  useEffect(() => {
    if (id === undefined || stays) return;
    const timer = setTimeout(() => dispatch({ type: 'notice-read', id }), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [dispatch, id, stays]);
  return (
    <div class="notices" role="status" aria-live="polite">
      {notice !== null && (
        <p key={notice.id} class={stays ? 'notice is-problem' : 'notice'}>
          {notice.text}
          {stays && (
            <button
              type="button"
              aria-label="Close this message"
              onClick={() => dispatch({ type: 'notice-read', id: notice.id })}
            >
              <Icon name="close" />
            </button>
          )}
        </p>
      )}
    </div>
  );
}
