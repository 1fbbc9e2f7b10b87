import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type Config, ConfigError, parseConfig } from '../src/config.ts';
import { manifestText } from './manifest-text.ts';

/** `npm run manifest`: prints the manifest of this installation's Slack app. */
const main = (): void => {
  const { values } = parseArgs({
    options: { http: { type: 'boolean' }, socket: { type: 'boolean' } },
    allowNegative: false,
  });
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = parseConfig(process.env);
  const isOverHttp = values.http ?? (values.socket !== true && config.slack?.mode.type === 'http');
  const requestUrl = isOverHttp ? requestUrlOf(config) : null;
  process.stdout.write(manifestText({ commands: config.slackCommands, requestUrl }));
};

const requestUrlOf = ({ publicUrl }: Config): string => {
  if (publicUrl === null)
    throw new ConfigError(['PUBLIC_URL is needed for HTTP: Slack sends its requests there']);
  if (!publicUrl.startsWith('https://'))
    throw new ConfigError(['PUBLIC_URL must be an https:// address for Slack']);
  return `${publicUrl}/slack/events`;
};

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
