import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { freePort } from '../../support/free-port.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import { until } from '../../support/until.ts';

/** Whether coturn is here. It is no package of npm's, so tests that need it run where someone installed it. */
export const haveRelay = (): boolean => spawnSync('turnserver', ['--version']).error === undefined;

/** A real relay on loopback that takes the time-limited credentials of this secret. */
export const startRelay = async (
  secret: string,
): Promise<{ readonly url: string; output(): string; close(): Promise<void> }> => {
  const port = await freePort();
  const { directory, remove } = temporaryDirectory();
  const relay: ChildProcess = spawn(
    'turnserver',
    [
      ['-n', '--use-auth-secret', `--static-auth-secret=${secret}`, '--realm=parley.test', '--fingerprint'],
      ['--listening-ip=127.0.0.1', '--relay-ip=127.0.0.1', `--listening-port=${port}`],
      // The worker is on loopback here, which a relay in the open must never reach.
      ['--allow-loopback-peers', '--no-tls', '--no-dtls', '--no-cli', '--verbose'],
      [`--pidfile=${directory}/turn.pid`, `--userdb=${directory}/turn.db`, '--log-file=stdout'],
    ].flat(),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  for (const stream of [relay.stdout, relay.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const ended = once(relay, 'exit');
  const close = async (): Promise<void> => {
    relay.kill('SIGKILL');
    await ended;
    remove();
  };
  try {
    await until(() => answers(port), { what: 'the relay' });
  } catch (error) {
    await close();
    throw new Error(output, { cause: error });
  }
  return { url: `turn:127.0.0.1:${port}`, output: () => output, close };
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
