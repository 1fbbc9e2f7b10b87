import { useWorkspace } from '../workspace-context.ts';
import { PlugIcon } from './icons.tsx';

/** One line over everything while something essential is away; it leaves by itself. */
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

function textOf({ link, workspace, failures }: ReturnType<typeof useWorkspace>['state']): string | null {
  if (link === 'lost') return 'The workspace does not answer. Trying again…';
  if (!workspace) return null;
  if (!workspace.bot.connected)
    return `${workspace.bot.name} is not connected. It will answer when it is back.`;
  const { length } = failures.active;
  if (length > 0) return `${length === 1 ? 'A failure mode is' : `${length} failure modes are`} switched on.`;
  return null;
}
