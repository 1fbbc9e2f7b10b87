import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runs } from './recipe.ts';
import { runTool } from './tool.ts';

/** Long enough for some 10 MB over a slow connection; a network that drops packets must not delay the build. */
const LIMIT_MS = 20_000;

/**
 * Downloads mediasoup’s prebuilt worker to `bin`, with mediasoup’s own installer. False when there is none, or it does
 * not run here.
 */
export const downloadPrebuilt = async (options: {
  readonly packageDir: string;
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}): Promise<boolean> => {
  // The installer writes below its working directory: a scratch directory, so that node_modules stays unchanged.
  const scratch = `${options.bin}.download`;
  mkdirSync(scratch, { recursive: true });
  try {
    await runTool(process.execPath, [path.join(options.packageDir, 'npm-scripts.mjs'), 'postinstall'], {
      cwd: scratch,
      // After a failed download it would build with pip and meson, which need the network too. This makes it fail.
      env: { ...options.env, PYTHON: 'false' },
      limitMs: LIMIT_MS,
      signal: options.signal,
    });
    const downloaded = path.join(scratch, 'worker/out/Release/mediasoup-worker');
    if (!(await runs(downloaded))) return false;
    renameSync(downloaded, options.bin);
    return true;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
