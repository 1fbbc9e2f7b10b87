import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { freePort } from '../../support/free-port.ts';
import { type RunningProcess, startProcess } from '../../support/process.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** Somebody at the local workspace. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** The whole program with its stand-ins, at addresses and in a directory that outlive its process. */
export interface MeetingProgram {
  readonly workspace: Workspace;
  /** One in which Parley is. */
  readonly channel: string;
  /** The three who live at the local workspace. */
  readonly people: readonly [Person, Person, Person];
  readonly directory: string;
  /** The process ids of its media workers that live. */
  mediaWorkers(): number[];
  /** SIGKILL, and the same again. */
  killAndStartAgain(): Promise<void>;
  stop(): Promise<void>;
}

export const startMeetingProgram = async (env: Record<string, string> = {}): Promise<MeetingProgram> => {
  const { directory, remove } = temporaryDirectory();
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
    directory,
    mediaWorkers: () => childrenOf(parley.pid).filter((pid) => commandOf(pid).includes('mediasoup-worker')),
    async killAndStartAgain() {
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
/** Processes end while one looks at them. */
const read = (file: string): string => {
  try {
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  } catch {
    return '';
  }
};
