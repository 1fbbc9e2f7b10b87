import { SPOKEN } from './spoken.ts';
import type { Leg } from './types.ts';

/** What a telephone hears last, when it is our side that ends its call. */
export const farewellTo = ({ state }: Pick<Leg, 'state'>): readonly string[] =>
  state.name === 'ended' && state.how === 'no-place' && state.reason !== null
    ? [state.reason, SPOKEN.tryLater]
    : [SPOKEN.over];
