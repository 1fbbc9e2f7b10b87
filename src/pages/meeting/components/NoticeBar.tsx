import { useEffect } from 'preact/hooks';
import { NOTICES } from '../sentences.ts';
import type { Notice } from '../state/state.ts';
import { Icon } from './controls/Icon.tsx';
import { useDispatch, useSelect } from './page-context.ts';

/** Long enough to read two sentences. */
const INFO_DISPLAY_MS = 5_000;

/**
 * The latest info, which goes away by itself, and errors, which stay until they are dismissed. Screen readers read each
 * once: a status is atomic unless it says otherwise, and would repeat the errors with every info.
 */
export function NoticeBar() {
  const notices = useSelect((state) => state.notices);
  return (
    <div class="notices" role="status" aria-live="polite" aria-atomic="false">
      {notices.map((notice) =>
        notice.tone === 'error' ? (
          <ErrorNotice key={notice.id} notice={notice} />
        ) : (
          <InfoNotice key={notice.id} notice={notice} />
        ),
      )}
    </div>
  );
}

function InfoNotice({ notice: { id, text } }: { notice: Notice }) {
  const dispatch = useDispatch();
  useEffect(() => {
    const timer = setTimeout(() => dispatch({ type: 'notice-dismissed', id }), INFO_DISPLAY_MS);
    return () => clearTimeout(timer);
  }, [dispatch, id]);
  return <p class="notice">{text}</p>;
}

function ErrorNotice({ notice: { id, text } }: { notice: Notice }) {
  const dispatch = useDispatch();
  return (
    <p class="notice is-error">
      {text}
      <button
        type="button"
        aria-label={NOTICES.dismiss}
        title={NOTICES.dismiss}
        onClick={() => dispatch({ type: 'notice-dismissed', id })}
      >
        <Icon name="close" />
      </button>
    </p>
  );
}
