import { parseArgs } from 'node:util';
import pino from 'pino';
import { startSandbox } from './index.ts';

/**
 * Runs the simulators alone, so that Parley can be started, killed and started again. Prints one line of
 * JSON with their addresses and credentials once they listen.
 */
const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    'slack-port': { type: 'string', default: '0' },
    'engine-port': { type: 'string', default: '0' },
    'phones-port': { type: 'string', default: '0' },
    'incoming-url': { type: 'string' },
    'no-slack': { type: 'boolean', default: false },
    'no-engine': { type: 'boolean', default: false },
    'no-phones': { type: 'boolean', default: false },
    'no-page': { type: 'boolean', default: false },
    'retry-scale': { type: 'string' },
  },
});

const log = pino({ level: process.env.LOG_LEVEL ?? 'warn' }, pino.destination(2));
const retryScale = values['retry-scale'];
const sandbox = await startSandbox({
  dataDir: values['data-dir'] ?? null,
  slack: values['no-slack']
    ? null
    : {
        port: Number(values['slack-port']),
        page: !values['no-page'],
        ...(retryScale === undefined ? {} : { app: { retryScale: Number(retryScale) } }),
      },
  engine: values['no-engine'] ? null : { port: Number(values['engine-port']) },
  phones: values['no-phones']
    ? null
    : { port: Number(values['phones-port']), incomingUrl: () => values['incoming-url'] ?? null },
  log,
});
const { slack, engine, phones } = sandbox;
console.log(JSON.stringify({ slack, engine, phones }));

const stop = (): void => void sandbox.close().then(() => process.exit(0));
process.once('SIGINT', stop);
process.once('SIGTERM', stop);
