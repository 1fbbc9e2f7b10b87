import type { Log } from '../../src/core/ports.ts';
import type { Failures } from '../common/failures.ts';
import type { ClipLibrary } from './audio/clip-library.ts';
import type { Call } from './call/call.ts';
import type { Recordings } from './call/recordings.ts';
import type { PhoneFault } from './control/contract.ts';
import type { PhoneFailure } from './failures.ts';
import type { Handsets } from './handset/handsets.ts';
import type { Pace, PhonesOptions } from './options.ts';
import type { Webhooks } from './webhooks.ts';

/** What the parts of the telephone network share. Built once, in `server.ts`. */
export interface Network {
  readonly account: Pick<
    PhonesOptions,
    'accountSid' | 'authToken' | 'parleyNumber' | 'incomingUrl' | 'incomingStatusUrl'
  >;
  /** Where its REST interface is reached, without a slash at the end. */
  readonly url: () => string;
  readonly pace: Pace;
  readonly failures: Failures<PhoneFailure>;
  readonly handsets: Handsets;
  /** Every call since the network was started, by its id, oldest first. */
  readonly calls: Map<string, Call>;
  readonly recordings: Recordings;
  readonly webhooks: Webhooks;
  readonly library: ClipLibrary;
  /** Aborted when the network is closed: nobody is waited for then. */
  readonly closing: AbortSignal;
  /** Shows what is new on every open panel. */
  readonly changed: () => void;
  /** What Twilio's debugger would show: something the customer did wrong. */
  readonly fault: (fault: Omit<PhoneFault, 'atMs'>) => void;
  readonly log: Log;
}
