import { CHANNEL_CLOSE } from '../request-channel.ts';

/**
 * Requests at once, and a second in the long run. Joining a full meeting resumes some 300 streams and chooses layers
 * for half of them, in one burst; after it a busy page sends a few a second.
 */
export const REQUEST_LIMIT = { burst: 600, perSecond: 50 } as const;

/** Phones that one person may add at once, and a second in the long run. */
export const PHONE_REQUEST_LIMIT = { burst: 5, perSecond: 1 / 12 } as const;

/** A channel on which no one joins is closed. */
export const JOIN_WITHIN_MS = 15_000;

/** How long a participant may resume after the channel is lost: a lift, a change from Wi-Fi to the mobile network. */
export const RESUME_GRACE_MS = 30_000;

/** Browsers, for a tab takes over from another tab: a laptop, a phone, a tablet, and one or two that were forgotten. */
export const DEVICES_PER_PERSON = 5;

/** Why the server closed a meeting's channel. */
export const CLOSE = {
  ...CHANNEL_CLOSE,
  /** Removed by the host. */
  removed: 4403,
  /** The participant was resumed on another channel. */
  replaced: 4409,
  /** The meeting is over. */
  ended: 4410,
} as const;
