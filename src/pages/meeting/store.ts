import { type Box, createBox } from './box.ts';
import { type Action, reduce } from './reduce.ts';
import { INITIAL, type State } from './state.ts';

/** Holds the one state; everything that happens is an action. */
export interface Store extends Box<State> {
  readonly dispatch: (action: Action) => void;
}

export const createStore = (initial: State = INITIAL): Store => {
  const box = createBox(initial);
  return { ...box, dispatch: (action) => box.set(reduce(box.get(), action)) };
};
