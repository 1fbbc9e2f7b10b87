import { useEffect } from 'preact/hooks';
import { useDispatch, useSelect } from '../page-context.ts';
import type { Notice } from '../state.ts';
import { Icon } from './Icon.tsx';

/** Long enough to read two sentences. */
const SHOWN_FOR_MS = 5_000;

/**
 * The latest news, which goes by itself, and problems, which stay until they are closed. Each is read aloud politely
 * when it comes, alone: a status is atomic unless it says otherwise, and would repeat the problems with all news.
 */
export function NoticeBar() {
  const notices = useSelect((state) => state.notices);
  return (
    <div class="notices" role="status" aria-live="polite" aria-atomic="false">
      {notices.map((notice) =>
        notice.tone === 'problem' ? (
          <Problem key={notice.id} notice={notice} />
        ) : (
          <News key={notice.id} notice={notice} />
        ),
      )}
    </div>
  );
}

function News({ notice: { id, text } }: { notice: Notice }) {
  const dispatch = useDispatch();
  useEffect(() => {
    const timer = setTimeout(() => dispatch({ type: 'notice-read', id }), SHOWN_FOR_MS);
    return () => clearTimeout(timer);
  }, [dispatch, id]);
  return <p class="notice">{text}</p>;
}

function Problem({ notice: { id, text } }: { notice: Notice }) {
  const dispatch = useDispatch();
  return (
    <p class="notice is-problem">
      {text}
      <button
        type="button"
        aria-label="Close this message"
        onClick={() => dispatch({ type: 'notice-read', id })}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
