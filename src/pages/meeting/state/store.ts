import { createObservable, type Observable } from '../../shared/observable.ts';
import { type Action, reduce } from './reduce.ts';
import { INITIAL_STATE, type State } from './state.ts';

/** Holds the page's one state; whatever happens is an action. */
export interface Store extends Observable<State> {
  readonly dispatch: (action: Action) => void;
}

export const createStore = (): Store => {
  const state = createObservable(INITIAL_STATE);
  return { ...state, dispatch: (action) => state.set(reduce(state.get(), action)) };
};
