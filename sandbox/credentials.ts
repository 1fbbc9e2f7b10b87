import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const credentials = z.object({
  botToken: z.string(),
  appToken: z.string(),
  signingSecret: z.string(),
  engineKey: z.string(),
});

export type Credentials = z.infer<typeof credentials>;

/**
 * What the app shows the stand-ins to be let in: made up once for a data directory, so that each side may be
 * restarted without the other. Null makes up new ones.
 */
export const keptCredentials = (dataDir: string | null): Credentials => {
  const file = dataDir === null ? null : path.join(dataDir, 'credentials.json');
  if (file !== null && existsSync(file)) {
    return credentials.parse(JSON.parse(readFileSync(file, 'utf8')));
  }
  const secret = (): string => randomBytes(20).toString('hex');
  const fresh: Credentials = {
    botToken: `xoxb-local-${secret()}`,
    appToken: `xapp-local-${secret()}`,
    signingSecret: secret(),
    engineKey: `local-${secret()}`,
  };
  if (file !== null) {
    mkdirSync(path.dirname(file), { recursive: true });
    // Renamed into place, so that a start that dies here leaves no half a file.
    writeFileSync(`${file}.new`, JSON.stringify(fresh), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return fresh;
};
