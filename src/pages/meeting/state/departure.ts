import { kindOf, localPeer, type State } from './state.ts';

type People = Pick<State, 'peers' | 'localPeerId' | 'phones'>;

/** Whether anyone else is here, or is being called. */
export const hasCompany = ({ peers, localPeerId, phones }: People): boolean =>
  peers.some(({ peerId }) => peerId !== localPeerId) || phones.some(isRinging);

/**
 * Whether others stay in a call that this person leaves. One phone alone does not: the call is over then at once, as
 * people who hang up expect.
 * @see src/flows/meetings/occupancy.ts
 */
const staysCall = ({ peers, localPeerId, phones }: People): boolean => {
  const others = peers.filter(({ peerId }) => peerId !== localPeerId);
  if (others.some(({ legId }) => legId === null)) return true;
  return others.length + phones.filter(isRinging).length >= 2;
};

/**
 * What a person does who presses *Leave* or *Hang up*. `ask`: leave, or end it for everyone. `end`: no one could go on,
 * and a phone that still rings would be answered into silence.
 */
export type Departure = 'ask' | 'leave' | 'end';

export const departureOf = (state: State): Departure => {
  if (!localPeer(state)?.host) return 'leave';
  return kindOf(state) === 'call' && !staysCall(state) ? 'end' : 'ask';
};

/** Whether this person's leaving ends the call: then there is nothing to come back to. */
export const endsByLeaving = (state: State): boolean =>
  kindOf(state) === 'call' && hasCompany(state) && !state.phones.some(isRinging) && !staysCall(state);

const isRinging = ({ state }: State['phones'][number]): boolean => state === 'ringing';
