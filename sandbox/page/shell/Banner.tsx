import { status } from '../sentences.ts';
import { PlugIcon } from '../ui/icons.tsx';
import type { State } from '../workspace/state.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** A line above everything while the workspace or the app is away, or a failure mode is on. */
export function Banner() {
  const { state } = useWorkspace();
  const text = textOf(state);
  return (
    <div role="status" class={text ? 'banner' : 'banner is-empty'}>
      {text && (
        <>
          <PlugIcon />
          {text}
        </>
      )}
    </div>
  );
}

function textOf({ connection, workspace, failures }: State): string | null {
  if (connection === 'lost') return status.workspaceUnreachable;
  if (!workspace) return null;
  if (!workspace.bot.connected) return status.appDisconnected(workspace.bot.name);
  const { length } = failures.active;
  return length > 0 ? status.failuresOn(length) : null;
}
