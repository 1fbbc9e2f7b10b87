import { type BuildOptions, buildPage, type Page } from '../../scripts/build-page.ts';

const page: Page = {
  name: 'meeting-page',
  directory: 'src/pages',
  config: () => import('./vite.config.ts'),
};

/**
 * Builds the pages when their sources have changed. Resolves with the directory of `meeting.html` (served at
 * `/meet/TOKEN`), `doctor.html` (at `/doctor/TOKEN`) and their assets (under `/meeting-page/`).
 */
export const buildMeetingPage = (options: BuildOptions): Promise<string> => buildPage(page, options);
