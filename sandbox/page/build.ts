import { type BuildOptions, buildPage, type Page } from '../../scripts/build-page.ts';

const page: Page = {
  name: 'workspace-page',
  directory: 'sandbox/page',
  config: () => import('./vite.config.ts'),
};

/** Builds the workspace's page if its sources have changed; returns the directory with `index.html`. */
export const buildWorkspacePage = (options: BuildOptions): Promise<string> => buildPage(page, options);
