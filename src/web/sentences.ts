/** Everything that people read on addresses of Parley, apart from the pages themselves. */

export const NOT_FOUND = 'There is no page at this address.';
export const BAD_ADDRESS = 'This address isn’t valid. Check the link.';
export const SOMETHING_WENT_WRONG = 'Something went wrong on our side. Try again.';

export const MEETING_LINK_INVALID = 'This link isn’t valid. Click Join in Slack to get your own.';
export const MEETING_PAGE_LOADING = 'The meeting page is still loading. This page refreshes by itself.';

export const TEST_LINK_EXPIRED =
  'This link has expired. Your Parley admin can create a new one with: npm run doctor';
export const TEST_PAGE_LOADING = 'The connection test is still loading. This page refreshes by itself.';

export const CLIP_LINK_EXPIRED = 'This link has expired. Open “Name speakers” in Slack again for a new one.';
export const CLIP = {
  unknownSpeaker: 'Voice clip',
  times: (start: string, end: string): string => `Clip ${start}–${end}`,
  /** Of AMR, Windows Media and other formats, each of which some browsers lack. */
  unplayable: (start: string, end: string): string =>
    `Your browser can’t play this format. Download the recording, and listen from ${start} to ${end} in a media player.`,
  download: 'Download the recording',
  done: 'Done? Close this tab and pick the name in Slack.',
} as const;
