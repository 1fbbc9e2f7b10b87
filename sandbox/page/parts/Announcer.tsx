import { mrkdwnToPlain } from '../text/mrkdwn.ts';
import { useWorkspace } from '../workspace-context.ts';
import { authorOf } from './people.ts';

/** Says new messages of others to screen readers, once each; changes of a message (progress) stay quiet. */
export function Announcer() {
  const { state } = useWorkspace();
  const { heard, workspace } = state;
  const nameOf = (kind: 'user' | 'channel', id: string) =>
    (kind === 'user' ? workspace?.people : workspace?.channels)?.find((item) => item.id === id)?.name ?? '';
  return (
    <div class="for-readers" aria-live="polite">
      {heard && `${authorOf(state, heard).name}: ${mrkdwnToPlain(heard.text, nameOf) || 'a file'}`}
    </div>
  );
}
