import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** As for PARLEY_SECRET. */
const MIN_LENGTH = 32;

/** The signing secret of this data directory, created at the first start. */
export const loadOrCreateSecret = (dataDir: string): string => {
  const stored = secretIn(dataDir);
  if (stored !== null) return stored;
  const secret = randomBytes(32).toString('hex');
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(path.join(dataDir, 'secret'), `${secret}\n`, { mode: 0o600 });
  return secret;
};

/** Null before the first start. */
export const secretIn = (dataDir: string): string | null => {
  const file = path.join(dataDir, 'secret');
  if (!existsSync(file)) return null;
  const secret = readFileSync(file, 'utf8').trim();
  // A disk that was full at the first start leaves a truncated file.
  return secret.length < MIN_LENGTH ? null : secret;
};
