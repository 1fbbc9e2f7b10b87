import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type Container, runAsRoot, runInContainer } from './container.ts';
import type { Stage, Step } from './dockerfile.ts';

/** The PATH that images of Debian have. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Where a proxy in front of the registries has certificates of its own, npm needs them in the containers as well. */
const certificates = ((file = process.env.NODE_EXTRA_CA_CERTS) =>
  file === undefined
    ? { file: null, env: {} }
    : { file, env: { NODE_EXTRA_CA_CERTS: `/tmp/${path.basename(file)}` } })();

export interface ImageBuild {
  /** The directory of the Dockerfile, for COPY. */
  readonly context: string;
  /** Each stage gets a directory in it. */
  readonly directory: string;
  readonly say: (line: string) => void;
}

/** Carries out the stages, in order. Resolves with the root file system of each. */
export const buildImages = async (
  stages: readonly Stage[],
  build: ImageBuild,
): Promise<ReadonlyMap<string, string>> => {
  const roots = new Map<string, string>();
  for (const stage of stages) {
    const root = path.join(build.directory, stage.name);
    const base = roots.get(stage.from);
    build.say(`${stage.name}: from ${stage.from}`);
    if (base === undefined) {
      runAsRoot('mkdir', '-p', root);
      runAsRoot('tar', '-xf', debian(stage.from), '-C', root, '--exclude=./dev/*', '--numeric-owner');
    } else {
      runAsRoot('cp', '-a', base, root);
    }
    for (const step of stage.steps) {
      const startedMs = performance.now();
      await carryOut(step, { root, roots, build });
      const label = step.kind === 'run' ? step.shell : `COPY ${step.sources.join(' ')} ${step.target}`;
      const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
      build.say(`${stage.name}: ${label.replaceAll(/\s+/g, ' ').slice(0, 100)} (${seconds} s)`);
    }
    roots.set(stage.name, root);
  }
  return roots;
};

const carryOut = async (
  step: Step,
  { root, roots, build }: { root: string; roots: ReadonlyMap<string, string>; build: ImageBuild },
): Promise<void> => {
  runAsRoot('mkdir', '-p', path.join(root, step.directory));
  if (step.kind === 'copy') {
    copy(step, { root, origin: originOf(step.stage, roots, build.context) });
    return;
  }
  const container: Container = {
    root,
    directory: step.directory,
    env: { PATH, HOME: '/root', ...certificates.env, ...step.env },
    extraFile: certificates.file,
    user: null,
    readOnly: false,
    mounts: Object.fromEntries(step.caches.map((inside) => [inside, keptDirectory(inside)])),
  };
  await runInContainer(container, ['/bin/sh', '-c', step.shell]);
};

const originOf = (stage: string | null, roots: ReadonlyMap<string, string>, context: string): string => {
  if (stage === null) return context;
  const root = roots.get(stage);
  if (root === undefined) throw new Error(`COPY --from=${stage}: there is no such stage before it`);
  return root;
};

/** As COPY does: of a directory its contents; into a directory where there are several, or the target ends in `/`. */
const copy = (
  { sources, target, directory }: Extract<Step, { kind: 'copy' }>,
  { root, origin }: { root: string; origin: string },
): void => {
  const to = path.join(root, path.resolve(directory, target));
  const into = sources.length > 1 || target.endsWith('/');
  for (const source of sources) {
    const from = path.join(origin, source);
    const isDirectory = runAsRoot('stat', '-c', '%F', from).trim() === 'directory';
    runAsRoot('mkdir', '-p', into || isDirectory ? to : path.dirname(to));
    runAsRoot('cp', '-R', '--preserve=mode,timestamps,links', isDirectory ? `${from}/.` : from, to);
  }
};

/** A root file system of `debian:RELEASE-slim`, as a tar file; made by mmdebstrap the first time. */
const debian = (image: string): string => {
  const [, release] = /^debian:([a-z]+)-slim$/.exec(image) ?? [];
  if (release === undefined) throw new Error(`Only images of Debian can be made here, not ${image}`);
  const tar = path.join(keptDirectory('debian'), `${release}.tar`);
  if (existsSync(tar)) return tar;
  const unfinished = `${tar}.${process.pid}`;
  // As in Debian's own slim images.
  const slim = [
    '--dpkgopt=force-unsafe-io',
    ...['man', 'info', 'locale', 'doc'].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`),
  ];
  const { status, stderr, error } = spawnSync(
    'mmdebstrap',
    ['--variant=minbase', '--format=tar', ...slim, release, unfinished],
    { encoding: 'utf8' },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`mmdebstrap could not make ${image}:\n${stderr.slice(-4_000)}`);
  renameSync(unfinished, tar);
  return tar;
};

/** Kept from one build to the next, in the user's cache. */
const keptDirectory = (name: string): string => {
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  const directory = path.join(cache, 'parley/image', name.replaceAll('/', '_'));
  mkdirSync(directory, { recursive: true });
  return directory;
};
