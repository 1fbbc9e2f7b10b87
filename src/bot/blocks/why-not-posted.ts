import type { ErrorCode } from '../../core/error.ts';

/** Why a result is not in its thread, to be put after "because" or "since". */
export const undeliveredReason = (code: ErrorCode): string => {
  switch (code) {
    case 'channel-archived':
      return 'the channel is archived';
    case 'not-in-channel':
      return 'Parley is not in the channel any more';
    case 'recording-gone':
      return 'the message under which it belongs was deleted';
    default:
      return 'Slack did not take it';
  }
};
