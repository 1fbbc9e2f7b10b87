import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

/** A root file system, and what is mounted over it. */
export interface Container {
  readonly root: string;
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  /** `10001:10001`; null: root. */
  readonly user: string | null;
  /** Read-only but for `/tmp` and the mounts. */
  readonly readOnly: boolean;
  /** Directories of this machine, by where they are in the container. */
  readonly mounts: Readonly<Record<string, string>>;
  /** A file of this machine that is copied to /tmp; null for none. */
  readonly extraFile: string | null;
}

/** Root on this machine needs no user namespace; anybody else is root in one, with the ids of /etc/subuid. */
const USER_NAMESPACE = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user', '--map-auto'];

/**
 * The command line that runs `command` on this machine's own file system, as root or as root of a user namespace: for
 * files that belong to users of a container.
 */
const asRoot = (command: readonly string[]): [string, string[]] =>
  USER_NAMESPACE.length === 0
    ? [command[0] ?? '', command.slice(1)]
    : ['unshare', [...USER_NAMESPACE, ...command]];

/** @throws Error with what the command printed */
export const runAsRoot = (...command: readonly string[]): string => {
  const [program, args] = asRoot(command);
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command.join(' ')} failed (${status}): ${stderr}`);
  return stdout;
};

/**
 * Starts `command` as the first process of namespaces of its own (mounts, processes), with this machine's network. Its
 * parent is `unshare`, which ends with its status and takes it down when it is killed.
 */
export const startInContainer = (container: Container, command: readonly string[]): ChildProcess =>
  spawn(
    'unshare',
    [
      ...USER_NAMESPACE,
      '--mount',
      '--pid',
      '--fork',
      '--kill-child=SIGKILL',
      '--',
      'sh',
      '-ec',
      mountScript(container),
      'sh',
      ...command,
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );

/** @throws Error with the last of what the command printed */
export const runInContainer = async (container: Container, command: readonly string[]): Promise<void> => {
  const child = startInContainer(container, command);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4_000);
    });
  }
  const { promise, resolve, reject } = Promise.withResolvers<number | null>();
  child.once('error', reject);
  child.once('close', resolve);
  const status = await promise;
  if (status !== 0) throw new Error(`${command.join(' ')} failed (${status}):\n${output}`);
};

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom'];

/** What a container runtime mounts, and then the command given to the script. */
const mountScript = ({ root, directory, env, user, readOnly, mounts, extraFile }: Container): string => {
  const at = (inside: string): string => quote(`${root}${inside}`);
  const [uid, gid] = user?.split(':') ?? [];
  const identity =
    uid === undefined ? [] : ['setpriv', `--reuid=${uid}`, `--regid=${gid ?? uid}`, '--clear-groups'];
  return [
    `mount --bind ${at('')} ${at('')}`,
    `mkdir -p ${at('/proc')} ${at('/dev')} ${at('/tmp')} ${Object.keys(mounts).map(at).join(' ')}`,
    ...(readOnly ? [] : [`cp --remove-destination /etc/resolv.conf ${at('/etc/resolv.conf')}`]),
    `mount -t proc proc ${at('/proc')}`,
    `mount -t tmpfs -o mode=755 tmpfs ${at('/dev')}`,
    ...DEVICES.map((name) => `touch ${at(`/dev/${name}`)}; mount --bind /dev/${name} ${at(`/dev/${name}`)}`),
    `ln -s /proc/self/fd ${at('/dev/fd')}`,
    `mount -t tmpfs -o mode=1777 tmpfs ${at('/tmp')}`,
    ...(extraFile === null ? [] : [`cp ${quote(extraFile)} ${at('/tmp/')}`]),
    ...Object.entries(mounts).map(([inside, outside]) => `mount --bind ${quote(outside)} ${at(inside)}`),
    ...(readOnly ? [`mount -o remount,bind,ro ${at('')}`] : []),
    `exec chroot ${at('')} /usr/bin/env -i --chdir=${quote(directory)} ${Object.entries(env)
      .map(([name, value]) => quote(`${name}=${value}`))
      .join(' ')} ${[...identity, ...(user === null ? [] : ['--no-new-privs'])].join(' ')} "$@"`,
  ].join('\n');
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
