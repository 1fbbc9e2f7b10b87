import type { ClipLibrary } from '../audio/clip-library.ts';
import type { Handset } from '../handset/handset.ts';
import type { Handsets } from '../handset/handsets.ts';
import type { HandsetCall } from '../live-call.ts';
import type { Phone, PhoneCall, PhonesState } from './contract.ts';

export const phonesState = (parleyNumber: string, handsets: Handsets, clips: ClipLibrary): PhonesState => ({
  parley: parleyNumber,
  phones: handsets.all().map(phoneView),
  recordings: clips.names(),
});

export const phoneView = ({ number, owner, behaviour, call, lastCall }: Handset): Phone => ({
  number,
  owner,
  behaviour,
  call: call === null ? null : callView(call),
  lastSpoken: lastCall?.spoken ?? [],
});

const callView = (call: HandsetCall): PhoneCall => {
  const { record } = call;
  const isCallee = record.direction === 'outbound-api';
  return {
    state: record.status === 'in-progress' ? 'in-call' : isCallee ? 'ringing' : 'calling',
    with: isCallee ? record.from : record.to,
    spoken: call.spoken,
    wantsKeys: call.wantsKeys,
    connected: call.connected,
    sinceMs: call.sinceMs,
  };
};
