import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type OpenBox, useBox } from './box.ts';
import type { Devices } from './devices.ts';
import type { Meeting } from './meeting.ts';
import type { Action } from './reduce.ts';
import type { Settings } from './settings.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** What every component may ask for. */
export interface Page {
  readonly store: Store;
  readonly meeting: Meeting;
  readonly settings: OpenBox<Settings>;
  readonly devices: OpenBox<Devices>;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

export const PageContext = createContext<Page | null>(null);

export const usePage = (): Page => {
  const page = useContext(PageContext);
  if (page === null) throw new Error('A component outside of the page.');
  return page;
};

/** A part of the state: keep it small, since the component is drawn anew when it is another. */
export const useSelect = <T>(select: (state: State) => T): T => useBox(usePage().store, select);

export const useDispatch = (): ((action: Action) => void) => usePage().store.dispatch;

export const useSettings = (): readonly [Settings, (change: Partial<Settings>) => void] => {
  const { settings } = usePage();
  return [useBox(settings), (change) => settings.set({ ...settings.get(), ...change })];
};
