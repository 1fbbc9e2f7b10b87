import { dataDirectory } from '../../support/data-directory.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export interface LocalParley {
  readonly workspace: Workspace;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** The whole program as `npm start` runs it, with every service simulated. */
export const startLocalParley = async (env: Record<string, string> = {}): Promise<LocalParley> => {
  const { directory, remove } = dataDirectory();
  const running = startProcess('src/main.ts', [], {
    DATA_DIR: directory,
    PORT: '0',
    WORKSPACE_PORT: '0',
    LOG_LEVEL: 'warn',
    ...env,
  });
  const [, url = ''] = await running.until(/Parley is ready: (\S+)/);
  return {
    workspace: openWorkspace(url.replace(/\/$/, '')),
    process: running,
    async stop() {
      await running.stop();
      remove();
    },
  };
};
