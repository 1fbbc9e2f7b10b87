import { ControlError } from '../../common/control/errors.ts';
import type { Calls } from '../call/calls.ts';
import type { CallRequest } from '../call/record.ts';
import type { Handset } from '../handset/handset.ts';
import type { Account } from '../options.ts';

const TIME_LIMIT_MS = 4 * 60 * 60 * 1000;

/** A phone calls the customer's number. Throws `ControlError` when it cannot. */
export const dialIn = (
  account: Account,
  calls: Pick<Calls, 'receive'>,
  handset: Handset,
  { to, keys }: { to: string; keys?: string | undefined },
): void => {
  const { parleyNumber, incomingUrl, incomingStatusUrl } = account;
  if (handset.call !== null) throw new ControlError(409, 'This phone is already in a call.');
  if (to !== parleyNumber) throw new ControlError(400, `Only ${parleyNumber} can be called from here.`);
  const url = incomingUrl();
  if (url === null) throw new ControlError(409, 'This number has no webhook, so it can’t be called.');
  const status = incomingStatusUrl?.() ?? null;
  const request: CallRequest = {
    to,
    from: handset.number,
    source: { url, method: 'POST' },
    statusCallback: status === null ? null : { url: status, method: 'POST', events: ['completed'] },
    ringTimeoutMs: 0,
    timeLimitMs: TIME_LIMIT_MS,
    detection: null,
    record: null,
  };
  calls.receive(handset, request, keys);
};
