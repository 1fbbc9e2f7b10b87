import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Actions } from './actions.ts';
import type { State } from './state.ts';

export interface Workspace {
  readonly state: State;
  readonly actions: Actions;
}

export const WorkspaceContext = createContext<Workspace | null>(null);

/** The page's state and what the visitor can do, for every component below `App`. */
export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace is called outside of App.');
  return workspace;
}
