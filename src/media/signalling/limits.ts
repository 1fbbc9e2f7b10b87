/** Sizes and rates of the signalling. What exceeds them is no browser of ours. */

/** A join with all that a browser can play is some 10 KiB; four times that is somebody trying something. */
export const MAX_FRAME_BYTES = 64 * 1024;

/**
 * Requests at once, and a second in the long run. Joining a full meeting resumes some 300 streams and chooses layers
 * for half of them, in one burst; after it a busy page sends a few a second.
 */
export const REQUEST_BURST = 600;
export const REQUESTS_PER_S = 50;

/** Telephones that one person may have rung at once, and a second in the long run. */
export const PHONE_REQUEST_BURST = 5;
export const PHONE_REQUESTS_PER_S = 1 / 12;

/**
 * What may wait to be sent to one page. Captions of a lively meeting are some 20 KiB a second, so this is most of a
 * minute; a page that is further behind is better off joining again than catching up.
 */
export const MAX_WAITING_BYTES = 1024 * 1024;

/** A line that does not answer between two pings is dead. Shorter than any proxy's idle limit that we know. */
export const PING_EVERY_MS = 10_000;

/** A socket on which nobody joins is not kept. */
export const JOIN_WITHIN_MS = 15_000;

/** How long somebody's place is kept when the line breaks: a lift, a change from Wi-Fi to the mobile net. */
export const RESUME_WITHIN_MS = 30_000;

/** A laptop, a telephone, a tablet, and a page or two that was forgotten. */
export const PLACES_PER_PERSON = 5;

/** Why the server closed a socket. 4000 to 4999 are an application's own. */
export const CLOSE = {
  /** Not a message of this protocol. */
  badMessage: 4400,
  /** Removed by the host. */
  removed: 4403,
  /** Nobody joined, or the line did not answer. */
  timeout: 4408,
  /** The same place was taken up again from elsewhere. */
  replaced: 4409,
  /** The meeting is over. */
  ended: 4410,
  /** Too many requests. */
  flood: 4429,
  /** Too far behind in reading. */
  slow: 4430,
} as const;
