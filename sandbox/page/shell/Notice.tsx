import { useEffect } from 'preact/hooks';
import { CheckIcon, CloseIcon, WarnIcon } from '../ui/icons.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Time to read two sentences; it can be dismissed sooner. */
const SHOWN_MS = 9000;

/** A sentence about a request that just failed or succeeded, at the bottom of the page. */
export function Notice() {
  const { state, actions } = useWorkspace();
  const { notice } = state;
  useEffect(() => {
    if (!notice) return;
    const timer = setTimeout(() => actions.dismissNotice(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice, actions]);
  return (
    <div class="notices" role="alert">
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
