import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** A new empty directory, and a function that removes it. */
export const temporaryDirectory = (): { directory: string; remove: () => void } => {
  const directory = mkdtempSync(path.join(tmpdir(), 'parley-'));
  return { directory, remove: () => rmSync(directory, { recursive: true, force: true }) };
};
