import { type BuildOptions, buildPage, type Page } from '../../scripts/build-page.ts';

const page: Page = {
  name: 'meeting-page',
  directory: 'src/pages',
  // It takes types from here; a change of the wire is a change of the page.
  besides: ['src/media/signalling/messages.ts', 'src/media/connectivity/messages.ts'],
  config: () => import('./vite.config.ts'),
};

/**
 * Builds the meeting page when it is not what its sources say: a directory with `meeting.html` (to be given at
 * `/meet/TOKEN`), `doctor.html` (at `/doctor/TOKEN`) and what they load (under `/meeting-page/`).
 */
export const buildMeetingPage = (options: BuildOptions): Promise<string> => buildPage(page, options);
