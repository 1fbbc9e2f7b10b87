import { messages } from '../sentences.ts';
import { mrkdwnToPlain } from '../text/mrkdwn.ts';
import { authorOf } from '../workspace/author.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** Announces new messages of others to screen readers, once each; updates of a message (progress) are not announced. */
export function Announcer() {
  const { state } = useWorkspace();
  const { announced, workspace } = state;
  const nameOf = (kind: 'user' | 'channel', id: string) =>
    (kind === 'user' ? workspace?.people : workspace?.channels)?.find((item) => item.id === id)?.name ?? '';
  return (
    <div class="visually-hidden" aria-live="polite">
      {announced &&
        `${authorOf(state, announced).name}: ${mrkdwnToPlain(announced.text, nameOf) || messages.aFile}`}
    </div>
  );
}
