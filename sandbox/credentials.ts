import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const secret = (): string => randomBytes(20).toString('hex');
const sid = (): string => randomBytes(16).toString('hex');

/** A data directory may be older than one of them, which is then made up. */
const credentials = z.object({
  botToken: z.string().default(() => `xoxb-local-${secret()}`),
  appToken: z.string().default(() => `xapp-local-${secret()}`),
  signingSecret: z.string().default(secret),
  engineKey: z.string().default(() => `local-${secret()}`),
  phonesAccountSid: z.string().default(() => `AC${sid()}`),
  phonesAuthToken: z.string().default(sid),
});

export type Credentials = z.infer<typeof credentials>;

/**
 * What the app shows the stand-ins to be let in: made up once for a data directory, so that each side may be
 * restarted without the other. Null makes up new ones.
 */
export const keptCredentials = (dataDir: string | null): Credentials => {
  if (dataDir === null) return credentials.parse({});
  const file = path.join(dataDir, 'credentials.json');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const kept = credentials.parse(JSON.parse(before));
  const text = JSON.stringify(kept);
  if (text !== before) {
    mkdirSync(dataDir, { recursive: true });
    // Renamed into place, so that a start that dies here leaves no half a file.
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return kept;
};
