import type { Call } from '../call/call.ts';
import type { Handset } from '../handset/handset.ts';
import type { Network } from '../network.ts';
import type { Phone, PhoneCall, PhonesState } from './contract.ts';

export const phonesState = (network: Network): PhonesState => ({
  parley: network.account.parleyNumber,
  phones: network.handsets.all().map(telephone),
  recordings: network.library.names(),
});

export const telephone = ({ number, owner, behaviour, call, newest }: Handset): Phone => ({
  number,
  owner,
  behaviour,
  call: call === null ? null : telephoneCall(call),
  lastSpoken: newest?.spoken ?? [],
});

const telephoneCall = (call: Call): PhoneCall => {
  const { record } = call;
  const rung = record.direction === 'outbound-api';
  return {
    state: record.status === 'in-progress' ? 'in-call' : rung ? 'ringing' : 'calling',
    with: rung ? record.from : record.to,
    spoken: call.spoken,
    wantsKeys: call.wantsKeys,
    connected: call.connected,
    sinceMs: call.sinceMs,
  };
};
