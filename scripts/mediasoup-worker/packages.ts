import { runTool } from './tool.ts';

/** Debian packages for the build. */
const PACKAGES = [
  'g++',
  'cmake',
  'ninja-build',
  'pkg-config',
  'libssl-dev',
  'libuv1-dev',
  'libsrtp2-dev',
  'libabsl-dev',
  'libflatbuffers-dev',
  'flatbuffers-compiler',
] as const;

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query fills these in.
const FORMAT = '${Package} ${db:Status-Status}\n';

/** Some are large, and a mirror may be slow. */
const INSTALL_LIMIT_MS = 10 * 60_000;

/** Missing packages; null on systems without Debian’s. */
export const missingPackages = async (env: NodeJS.ProcessEnv): Promise<string[] | null> => {
  const installed = new Set<string>();
  const { status } = await runTool('dpkg-query', ['--show', `--showformat=${FORMAT}`, ...PACKAGES], {
    env,
    limitMs: 20_000,
    line: (line) => {
      const [name, state] = line.split(' ');
      if (name !== undefined && state === 'installed') installed.add(name);
    },
  });
  // 1: some are unknown to it, which means missing.
  if (status !== 0 && status !== 1) return null;
  return PACKAGES.filter((name) => !installed.has(name));
};

/** Installs them, as root. False on failure. */
export const installPackages = async (
  names: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    readonly signal?: AbortSignal | undefined;
    readonly line: (line: string) => void;
  },
): Promise<boolean> => {
  const apt = (...args: readonly string[]) =>
    // Another apt may be running, as on a machine that has just started.
    runTool('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=120', ...args], {
      ...options,
      env: { ...options.env, DEBIAN_FRONTEND: 'noninteractive' },
      limitMs: INSTALL_LIMIT_MS,
    });
  // Outdated package lists may be enough, so only the second status counts.
  await apt('update');
  const { status } = await apt('install', '-y', '--no-install-recommends', ...names);
  return status === 0;
};
