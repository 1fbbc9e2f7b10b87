import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { type Actions, createActions } from './actions.ts';
import { Announcer } from './parts/Announcer.tsx';
import { Banner } from './parts/Banner.tsx';
import { ChannelView } from './parts/ChannelView.tsx';
import { useStayOnDrop } from './parts/DropZone.tsx';
import { FailureDrawer } from './parts/FailureDrawer.tsx';
import { HomeView } from './parts/HomeView.tsx';
import { Notice } from './parts/Notice.tsx';
import { Rail } from './parts/Rail.tsx';
import { ThreadPanel } from './parts/ThreadPanel.tsx';
import { ViewStack } from './parts/ViewStack.tsx';
import { CallBars } from './phones/parts/CallBars.tsx';
import { PhonesView } from './phones/parts/PhonesView.tsx';
import { PhonesContext } from './phones/phones-context.ts';
import { useTelephones } from './phones/use-telephones.ts';
import { INITIAL, type Place, reduce } from './state.ts';
import { parsePermalink } from './text/permalink.ts';
import { useConnection } from './use-connection.ts';
import { WorkspaceContext } from './workspace-context.ts';

export function App() {
  const [state, dispatch] = useReducer(reduce, INITIAL);
  useConnection(state, dispatch);
  useStayOnDrop();
  const actions = useMemo(() => createActions(dispatch, state.me), [state.me]);
  useOpenedByLink(actions, state.workspace !== null);
  const workspace = useMemo(() => ({ state, actions }), [state, actions]);
  const phones = useTelephones(state.link === 'live', actions.notify);
  const [railOpen, setRailOpen] = useState(false);
  const [failuresOpen, setFailuresOpen] = useState(false);
  const { place, thread } = state;
  const onMenu = () => setRailOpen(true);
  return (
    <WorkspaceContext value={workspace}>
      <PhonesContext value={phones}>
        <Banner />
        <CallBars />
        <div class={thread ? 'layout has-thread' : 'layout'}>
          <Rail
            isOpen={railOpen}
            onClose={() => setRailOpen(false)}
            onFailures={() => {
              setRailOpen(false);
              setFailuresOpen(true);
            }}
          />
          <PlaceView place={place} onMenu={onMenu} />
          {thread && <ThreadPanel thread={thread} />}
        </div>
        <ViewStack />
        {failuresOpen && <FailureDrawer onClose={() => setFailuresOpen(false)} />}
        <Notice />
        <Announcer />
      </PhonesContext>
    </WorkspaceContext>
  );
}

function PlaceView({ place, onMenu }: { readonly place: Place; readonly onMenu: () => void }) {
  switch (place.kind) {
    case 'home':
      return <HomeView onMenu={onMenu} />;
    case 'phones':
      return <PhonesView onMenu={onMenu} />;
    case 'channel':
      return <ChannelView id={place.id} onMenu={onMenu} />;
  }
}

/** A page that was opened by a link to a message starts there. */
function useOpenedByLink(actions: Actions, isReady: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the workspace is known.
  useEffect(() => {
    const thread = parsePermalink(location.href, location.origin);
    if (!isReady || !thread) return;
    actions.go({ kind: 'channel', id: thread.channel });
    actions.openThread(thread);
  }, [isReady]);
}
