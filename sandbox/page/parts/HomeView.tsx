import { useEffect, useMemo } from 'preact/hooks';
import { Blocks } from '../blocks/Blocks.tsx';
import { LooseBlockHost } from '../blocks/host.tsx';
import { asBlocks } from '../blocks/types.ts';
import { useWorkspace } from '../workspace-context.ts';
import { PlaceHeader } from './PlaceHeader.tsx';

const HERE = { home: true } as const;

/** The app's Home tab of the person one is; opening it tells the app, which publishes it. */
export function HomeView({ onMenu }: { readonly onMenu: () => void }) {
  const { state, actions } = useWorkspace();
  const { me, workspace } = state;
  const home = state.homes[me] as { blocks?: object[] } | null | undefined;
  const blocks = useMemo(() => asBlocks(home?.blocks), [home]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked for once a person, not for each new `actions`.
  useEffect(() => void actions.openHome(), [me]);
  return (
    <main class="place">
      <PlaceHeader title={workspace?.bot.name ?? ''} detail="Home" onMenu={onMenu} />
      <div class="home">
        {home ? (
          <LooseBlockHost where={HERE} blocks={blocks}>
            <Blocks blocks={blocks} />
          </LooseBlockHost>
        ) : (
          <p class="empty" role="status">
            {home === undefined
              ? 'Opening…'
              : `${workspace?.bot.name ?? 'The app'} has not shown anything here yet.`}
          </p>
        )}
      </div>
    </main>
  );
}
