import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** As PARLEY_SECRET must have it. */
const SHORTEST = 32;

/** The signing secret that this data directory was given when it was first used. */
export const loadOrCreateSecret = (dataDir: string): string => {
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
  if (!existsSync(file)) return null;
  const secret = readFileSync(file, 'utf8').trim();
  // A disk that was full at the first start leaves less, with which nothing can be signed.
  return secret.length < SHORTEST ? null : secret;
};
