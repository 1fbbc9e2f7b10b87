import { parseArgs } from 'node:util';
import { CliError, createClient } from './client.ts';
import { COMMANDS } from './commands.ts';
import { HELP } from './help.ts';
import type { Options } from './options.ts';

const DEFAULT_URL = 'http://127.0.0.1:3100';
const DEFAULT_TIMEOUT_S = 300;

/** `npm run workspace -- …`: acts in a running workspace from a terminal or a script. */
const main = async (): Promise<number> => {
  const { values, positionals } = parse();
  const [name, ...words] = positionals;
  if (values.help || name === undefined) {
    process.stdout.write(HELP);
    return values.help ? 0 : 1;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new CliError(`There is no command "${name}". See --help.`);
  const timeoutS = Number(values.timeout ?? DEFAULT_TIMEOUT_S);
  if (!(timeoutS > 0)) throw new CliError('--timeout must be a number of seconds.');
  const url = values.url ?? process.env.PARLEY_WORKSPACE_URL ?? DEFAULT_URL;
  if (!URL.canParse(url)) throw new CliError(`"${url}" is not a URL.`);
  const options: Options = { ...values, timeoutMs: timeoutS * 1000 };
  const { print, ok } = await command(createClient(url.replace(/\/$/, '')), words, options);
  process.stdout.write(`${JSON.stringify(print, null, 2)}\n`);
  return ok ? 0 : 1;
};

const parse = () => {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        channel: { type: 'string', default: 'general' },
        as: { type: 'string' },
        text: { type: 'string' },
        thread: { type: 'string' },
        ts: { type: 'string' },
        value: { type: 'string' },
        payload: { type: 'string' },
        block: { type: 'string' },
        view: { type: 'string' },
        home: { type: 'boolean', default: false },
        cancel: { type: 'boolean', default: false },
        wait: { type: 'boolean', default: false },
        turns: { type: 'string' },
        after: { type: 'string' },
        keys: { type: 'string' },
        'hangs-up': { type: 'boolean', default: false },
        to: { type: 'string' },
        timeout: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    throw new CliError(`${error instanceof Error ? error.message : String(error)} See --help.`);
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  const message = error instanceof CliError ? error.message : String(error);
  process.stderr.write(`${JSON.stringify({ error: message })}\n`);
  process.exitCode = 1;
}
