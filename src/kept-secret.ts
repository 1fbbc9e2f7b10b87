import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** The signing secret that this data directory was given when it was first used. */
export const keptSecret = (dataDir: string): string => {
  const kept = secretIn(dataDir);
  if (kept !== null) return kept;
  const secret = randomBytes(32).toString('hex');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path.join(dataDir, 'secret'), `${secret}\n`, { mode: 0o600 });
  return secret;
};

/** The same where there is one; null before the first start. */
export const secretIn = (dataDir: string): string | null => {
  const file = path.join(dataDir, 'secret');
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null;
};
