import type { Handset } from '../handset/handset.ts';
import type { Handsets } from '../handset/handsets.ts';
import type { CustomerCalls } from '../live-call.ts';
import { Call, type CallParts } from './call.ts';
import type { CallRequest } from './record.ts';

export interface Calls extends CustomerCalls {
  /** A phone calls the customer's number; `keys` are pressed once it is asked for some. */
  receive(handset: Handset, request: CallRequest, keys?: string): void;
}

/** Makes calls and keeps them for as long as the network runs. */
export const createCalls = (handsets: Handsets, parts: CallParts): Calls => {
  const calls = new Map<string, Call>();
  return {
    place: (request) => {
      const call = new Call(parts, request, handsets.at(request.to), 'outbound-api');
      calls.set(call.record.sid, call);
      parts.onChange();
      void call.ring();
      return call;
    },
    receive: (handset, request, keys) => {
      const call = new Call(parts, request, handset, 'inbound');
      calls.set(call.record.sid, call);
      handset.begin(call);
      parts.onChange();
      if (keys !== undefined) call.pressWhenAsked(keys);
      void call.run();
      void parts.behaviours.whenCalling(handset, call);
    },
    get: (sid) => calls.get(sid),
    all: () => [...calls.values()],
  };
};
