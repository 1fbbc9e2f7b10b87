import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dataDirectory } from '../../support/data-directory.ts';
import { freePort } from '../../support/free-port.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** A person of the local workspace. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** The whole program with simulated services, on ports and with a data directory that outlive its process. */
export interface MeetingProgram {
  readonly workspace: Workspace;
  /** One that Parley is a member of. */
  readonly channel: string;
  /** Ana, Ben and Yuki. */
  readonly people: readonly [Person, Person, Person];
  /** Process ids of its running media workers. */
  mediaWorkers(): number[];
  /** SIGKILL, then a start with the same settings. */
  killAndRestart(): Promise<void>;
  stop(): Promise<void>;
}

export const startMeetingProgram = async (env: Record<string, string> = {}): Promise<MeetingProgram> => {
  const { directory, remove } = dataDirectory();
  const [port, workspacePort] = [await freePort(), await freePort()];
  const start = async (): Promise<RunningProcess> => {
    const started = startProcess('src/main.ts', [], {
      DATA_DIR: directory,
      PORT: String(port),
      WORKSPACE_PORT: String(workspacePort),
      LOG_LEVEL: 'warn',
      ...env,
    });
    await started.until(/Parley is ready/);
    return started;
  };
  let parley = await start();
  const workspace = openWorkspace(`http://127.0.0.1:${workspacePort}`);
  const state = await workspace.state();
  const people = state.people
    .filter(({ isBot }) => !isBot)
    .map(({ id, realName }) => ({ id, name: realName })) as unknown as MeetingProgram['people'];
  return {
    workspace,
    channel: state.channels.find(({ botIsMember }) => botIsMember)!.id,
    people,
    mediaWorkers: () => childrenOf(parley.pid).filter((pid) => commandOf(pid).includes('mediasoup-worker')),
    async killAndRestart() {
      await parley.kill();
      parley = await start();
    },
    async stop() {
      await parley.stop();
      remove();
    },
  };
};

const childrenOf = (parent: number): number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid).includes(`\nPPid:\t${parent}\n`));
const statusOf = (pid: number): string => read(`/proc/${pid}/status`);
const commandOf = (pid: number): string => read(`/proc/${pid}/cmdline`);
/** A process may end while its files are read. */
const read = (file: string): string => {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
};
