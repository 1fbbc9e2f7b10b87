import { useEffect, useMemo, useReducer, useState } from 'preact/hooks';
import { useStayOnDrop } from './composer/DropZone.tsx';
import { CallBars } from './phones/panel/CallBars.tsx';
import { PhonesView } from './phones/panel/PhonesView.tsx';
import { PhonesContext } from './phones/phones-context.ts';
import { usePanelState } from './phones/use-panel-state.ts';
import { Announcer } from './shell/Announcer.tsx';
import { Banner } from './shell/Banner.tsx';
import { FailureDialog } from './shell/FailureDialog.tsx';
import { Notice } from './shell/Notice.tsx';
import { Sidebar } from './shell/Sidebar.tsx';
import { parsePermalink } from './text/permalink.ts';
import { ChannelView } from './views/ChannelView.tsx';
import { HomeView } from './views/HomeView.tsx';
import { ModalStack } from './views/ModalView.tsx';
import { ThreadPanel } from './views/ThreadPanel.tsx';
import { type Actions, createActions } from './workspace/actions.ts';
import { reduce } from './workspace/reduce.ts';
import { INITIAL, type Route } from './workspace/state.ts';
import { useConnection } from './workspace/use-connection.ts';
import { WorkspaceContext } from './workspace/workspace-context.ts';

export function App() {
  const [state, dispatch] = useReducer(reduce, INITIAL);
  useConnection(state, dispatch);
  useStayOnDrop();
  const actions = useMemo(() => createActions(dispatch, state.me), [state.me]);
  usePermalink(actions, state.workspace !== null);
  const workspace = useMemo(() => ({ state, actions }), [state, actions]);
  const phones = usePanelState(state.connection === 'live', actions.notify);
  const [sidebarOpen, setSidebarOpen] = useState(false);
  const [failuresOpen, setFailuresOpen] = useState(false);
  const { route, thread } = state;
  return (
    <WorkspaceContext value={workspace}>
      <PhonesContext value={phones}>
        <Banner />
        <CallBars />
        <div class={thread ? 'layout has-thread' : 'layout'}>
          <Sidebar
            isOpen={sidebarOpen}
            onClose={() => setSidebarOpen(false)}
            onFailures={() => {
              setSidebarOpen(false);
              setFailuresOpen(true);
            }}
          />
          <MainView route={route} onMenu={() => setSidebarOpen(true)} />
          {thread && <ThreadPanel thread={thread} />}
        </div>
        <ModalStack />
        {failuresOpen && <FailureDialog onClose={() => setFailuresOpen(false)} />}
        <Notice />
        <Announcer />
      </PhonesContext>
    </WorkspaceContext>
  );
}

function MainView({ route, onMenu }: { readonly route: Route; readonly onMenu: () => void }) {
  switch (route.kind) {
    case 'home':
      return <HomeView onMenu={onMenu} />;
    case 'phones':
      return <PhonesView onMenu={onMenu} />;
    case 'channel':
      return <ChannelView id={route.id} onMenu={onMenu} />;
  }
}

/** Opens the message that the page's address links to. */
function usePermalink(actions: Actions, isReady: boolean): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the workspace is known.
  useEffect(() => {
    const thread = parsePermalink(location.href, location.origin);
    if (!isReady || !thread) return;
    actions.navigate({ kind: 'channel', id: thread.channel });
    actions.openThread(thread);
  }, [isReady]);
}
