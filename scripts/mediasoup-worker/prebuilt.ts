import { mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { runs } from './recipe.ts';
import { runTool } from './tool.ts';

/** Long enough for some 10 MB over a slow line; a network that swallows packets must not hold the build up. */
const LIMIT_MS = 20_000;

/**
 * Downloads the worker that mediasoup's makers built, with their own installer, to `bin`. False when there is none
 * to be had, or it does not run here.
 */
export const downloadPrebuilt = async (options: {
  readonly packageDir: string;
  readonly bin: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}): Promise<boolean> => {
  // The installer writes below the folder it is run in. That is a scratch folder here, so node_modules stays as
  // npm made it.
  const scratch = `${options.bin}.download`;
  mkdirSync(scratch, { recursive: true });
  try {
    await runTool(process.execPath, [path.join(options.packageDir, 'npm-scripts.mjs'), 'postinstall'], {
      cwd: scratch,
      // After a failed download it would go on to build with pip and meson, which want the network too; with this
      // for a Python it ends instead.
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
