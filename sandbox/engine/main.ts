/**
 * Runs the local speech engine alone, for a Parley elsewhere, with a real Slack app for instance.
 * ENGINE_PORT (8080), ENGINE_HOST (127.0.0.1), ENGINE_API_KEY (a new one each time), ENGINE_MODEL (base or tiny).
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { startEngine } from './local/index.ts';

const environment = z
  .object({
    ENGINE_PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
    ENGINE_HOST: z.string().min(1).default('127.0.0.1'),
    ENGINE_API_KEY: z.string().min(8, 'use at least 8 characters').optional(),
    ENGINE_MODEL: z.enum(['base', 'tiny']).default('base'),
  })
  .safeParse(process.env);
if (!environment.success) {
  for (const issue of environment.error.issues) console.error(`${issue.path.join('.')}: ${issue.message}`);
  process.exit(1);
}

const { ENGINE_PORT: port, ENGINE_HOST: host, ENGINE_MODEL: model, ENGINE_API_KEY: given } = environment.data;
const apiKey = given ?? randomBytes(20).toString('hex');
const plainError = (_key: string, value: unknown) => (value instanceof Error ? value.stack : value);
const say = (level: string) => (fields: object, message: string) =>
  console.error(JSON.stringify({ level, ...fields, msg: message }, plainError));
const log = { debug: () => {}, info: say('info'), warn: say('warn'), error: say('error') };

const engine = await startEngine({ host, port, apiKeys: [apiKey], model, log });
console.log(
  `The local speech engine (English only) is running at ${engine.url}. Set in Parley's environment:\n`,
);
console.log(`DEEPGRAM_URL=${engine.url}`);
console.log(`DEEPGRAM_API_KEY=${given ? '(the value of ENGINE_API_KEY)' : apiKey}`);
await engine.warm();

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void engine.close());
