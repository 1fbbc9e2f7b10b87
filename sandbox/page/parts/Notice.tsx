import { useEffect } from 'preact/hooks';
import { useWorkspace } from '../workspace-context.ts';
import { CheckIcon, CloseIcon, WarnIcon } from './icons.tsx';

/** Long enough to read two sentences; it can be closed sooner. */
const SHOWN_MS = 9000;

/** A sentence about what just went wrong (or well), at the bottom. */
export function Notice() {
  const { state, actions } = useWorkspace();
  const { notice } = state;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => actions.dismissNotice(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, actions]);
  return (
    <div class="notice-place" role="alert">
      {notice && (
        <div class={`notice is-${notice.tone}`} key={notice.id}>
          {notice.tone === 'good' ? <CheckIcon /> : <WarnIcon />}
          <span>{notice.text}</span>
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={actions.dismissNotice}>
            <CloseIcon />
          </button>
        </div>
      )}
    </div>
  );
}
