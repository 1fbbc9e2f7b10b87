import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { MutableObservable, Observable } from '../../shared/observable.ts';
import { useObservable } from '../../shared/use-observable.ts';
import type { Devices } from '../media/devices.ts';
import type { Meeting } from '../meeting.ts';
import type { Action } from '../state/reduce.ts';
import type { Settings } from '../state/settings.ts';
import type { State } from '../state/state.ts';
import type { Store } from '../state/store.ts';

/** What every component may use. */
export interface Page {
  readonly store: Store;
  readonly meeting: Meeting;
  readonly settings: MutableObservable<Settings>;
  readonly devices: Observable<Devices>;
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
}

export const PageContext = createContext<Page | null>(null);

export const usePage = (): Page => {
  const page = useContext(PageContext);
  if (page === null) throw new Error('There is no PageContext.');
  return page;
};

/** A part of the state. The component renders again when it changes: keep it small. */
export const useSelect = <T>(select: (state: State) => T): T => useObservable(usePage().store, select);

export const useDispatch = (): ((action: Action) => void) => usePage().store.dispatch;

export const useSettings = (): readonly [Settings, (change: Partial<Settings>) => void] => {
  const { settings } = usePage();
  return [useObservable(settings), (change) => settings.set({ ...settings.get(), ...change })];
};
