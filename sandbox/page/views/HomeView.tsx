import { useEffect, useMemo } from 'preact/hooks';
import { Blocks } from '../blocks/Blocks.tsx';
import { UncontrolledBlockHost } from '../blocks/block-host.tsx';
import { asBlocks } from '../blocks/types.ts';
import { home as sentences } from '../sentences.ts';
import { ViewHeader } from '../ui/ViewHeader.tsx';
import { useWorkspace } from '../workspace/workspace-context.ts';

const TARGET = { home: true } as const;

/** The app's Home tab for the current person; opening it sends the app an event, and the app publishes the tab. */
export function HomeView({ onMenu }: { readonly onMenu: () => void }) {
  const { state, actions } = useWorkspace();
  const { me, workspace } = state;
  const home = state.homes[me] as { blocks?: object[] } | null | undefined;
  const blocks = useMemo(() => asBlocks(home?.blocks), [home]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a person, not for each new `actions`.
  useEffect(() => void actions.openHome(), [me]);
  return (
    <main class="view">
      <ViewHeader title={workspace?.bot.name ?? ''} detail={sentences.tab} onMenu={onMenu} />
      <div class="home">
        {home ? (
          <UncontrolledBlockHost target={TARGET} blocks={blocks}>
            <Blocks blocks={blocks} />
          </UncontrolledBlockHost>
        ) : (
          <p class="empty" role="status">
            {home === undefined ? sentences.opening : sentences.empty(workspace?.bot.name ?? 'The app')}
          </p>
        )}
      </div>
    </main>
  );
}
