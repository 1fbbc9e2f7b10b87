/** Everything that people read from here: on pages, and on phones that are turned away. */

export const SOMETHING_WENT_WRONG = 'Something went wrong. Try again.';
export const UNSUPPORTED_BROWSER =
  'Your browser’s audio or video isn’t supported. Update it, or use another browser.';

export const MEETING_ENDED = 'This meeting has ended.';
export const meetingFull = (limit: number): string => `This meeting is full: the limit is ${limit} people.`;
export const tooManyDevices = (devices: number): string =>
  `You’re already in this meeting on ${devices} devices. Leave on one of them, then join again.`;
export const REMOVED_BY_HOST = 'The host removed you from this meeting.';
export const LINK_EXPIRED = 'Your link has expired. Click Join in Slack for a new one.';

export const HOST_ONLY = 'Only the host can do that.';
export const PERSON_LEFT = 'That person has left.';
export const CANNOT_REMOVE_YOURSELF = 'You can’t remove yourself. Leave, or end the meeting for everyone.';
export const CONSENT_FIRST = 'Agree to be captioned and transcribed before you turn your microphone on.';

export const NO_PHONES = 'Phones can’t be added to this meeting.';
export const TOO_MANY_PHONES = 'You’ve added many phones in a short time. Try again in a minute.';
export const PHONE_LEFT = 'That phone has already hung up.';

export const TEST_LIMIT = 'You’ve reached the limit of tests. Reload the page to start again.';
export const NO_MEDIA_WORKER = 'Meetings aren’t available right now.';
export const workersDidNotStart = (ip: string, ports: string): string =>
  `The media workers could not start on ${ip}. Check that this machine has that address and that the ${ports} are free.`;
