import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Actions } from './actions.ts';
import type { State } from './state.ts';

export interface Workspace {
  readonly state: State;
  readonly actions: Actions;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

/** The page's state and what a person may do; every component below `App` may ask for it. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace is called outside of App.');
  return workspace;
}
