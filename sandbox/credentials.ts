import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const secret = (): string => randomBytes(20).toString('hex');
const sid = (): string => randomBytes(16).toString('hex');

/** An older data directory may lack some, which are then generated. */
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
 * The credentials of the simulators, generated once per data directory, so that each side can restart without the
 * other. Null generates new ones.
 */
export const loadOrCreateCredentials = (dataDir: string | null): Credentials => {
  if (dataDir === null) return credentials.parse({});
  const file = path.join(dataDir, 'credentials.json');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '{}';
  const kept = credentials.parse(JSON.parse(before));
  const text = JSON.stringify(kept);
  if (text !== before) {
    mkdirSync(dataDir, { recursive: true });
    // Renamed into place, so that a crash leaves no partial file.
    writeFileSync(`${file}.new`, text, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return kept;
};
