import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { PhonesState } from '../../phones/control/contract.ts';
import type { PhoneActions } from './actions.ts';
import type { PhonesView } from './state.ts';

export interface Phones {
  readonly view: PhonesView;
  readonly actions: PhoneActions;
}

export const PhonesContext = createContext<Phones | null>(null);

/** The workspace's telephones and what a person may do with them; every component below `App` may ask for it. */
export function usePhones(): Phones {
  const phones = useContext(PhonesContext);
  if (!phones) throw new Error('usePhones is called outside of App.');
  return phones;
}

/** For components that are shown only while telephones are known. */
export function useKnownPhones(): Phones & { readonly known: PhonesState } {
  const phones = usePhones();
  if (!phones.view.known) throw new Error('useKnownPhones is called before any telephone is known.');
  return { ...phones, known: phones.view.known };
}
