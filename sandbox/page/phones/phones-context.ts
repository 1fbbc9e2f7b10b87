import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PhonesState } from '../../phones/control/contract.ts';
import type { PhoneActions } from './actions.ts';
import type { PanelState } from './state.ts';

export interface Phones {
  readonly state: PanelState;
  readonly actions: PhoneActions;
}

export const PhonesContext = createContext<Phones | null>(null);

/** The demo phones and what the visitor can do with them, for every component below `App`. */
export function usePhones(): Phones {
  const phones = useContext(PhonesContext);
  if (!phones) throw new Error('usePhones is called outside of App.');
  return phones;
}

/** For components that are shown only in a workspace with demo phones. */
export function usePhoneNetwork(): Phones & { readonly network: PhonesState } {
  const phones = usePhones();
  if (!phones.state.network) throw new Error('usePhoneNetwork is called before the phones are known.');
  return { ...phones, network: phones.state.network };
}
