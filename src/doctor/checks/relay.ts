import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Finding, findings } from '../finding.ts';
import { codeOf } from './running.ts';
import { type RelayAnswer, type RelayCredentials, readAnswer, writeAllocate } from './stun.ts';

/** One relay address, and the credentials Parley would give a browser for it. */
export interface RelayAsked {
  /** `turn:host:port?transport=udp`, as TURN_URL has it. */
  readonly url: string;
  readonly username: string;
  readonly credential: string;
}

const ANSWER_WITHIN_MS = 4_000;
/** UDP may lose a packet. */
const SEND_AGAIN_MS = 1_000;

/** Asks a relay for a place as a browser does: first to be told what to sign with, then signed. */
export const checkRelay = async ({ url, username, credential }: RelayAsked): Promise<Finding> => {
  const tell = findings('TURN_URL');
  try {
    const line = await openLine(addressOf(url));
    try {
      const challenge = await line.ask(null);
      if (challenge.is === 'place') {
        return tell.failed(
          `${url} lets everybody through`,
          'Have it ask for credentials (coturn: use-auth-secret).',
        );
      }
      const { realm, nonce } = challenge;
      const answer = await line.ask({ username, password: credential, realm, nonce });
      if (answer.is === 'place') return tell.ok(`${url} gives places to Parley’s credentials`);
      return tell.failed(`${url} refuses Parley’s credentials (${answer.code})`, adviceFor(answer.code));
    } finally {
      line.close();
    }
  } catch (error) {
    return tell.failed(
      `${url} does not answer as a relay (${codeOf(error)})`,
      'Check that the relay runs, its address and port, and that this machine may reach them.',
    );
  }
};

const adviceFor = (code: number): string =>
  code === 401 || code === 431
    ? 'TURN_SECRET must be the relay’s own static-auth-secret, and both clocks must agree.'
    : 'See the relay’s log.';

interface Address {
  readonly host: string;
  readonly port: number;
  readonly transport: 'udp' | 'tcp' | 'tls';
}

/** @see https://www.rfc-editor.org/rfc/rfc7065#section-3.1 */
const addressOf = (url: string): Address => {
  const { scheme, host, port, transport } =
    /^(?<scheme>turns?):(?<host>\[[^\]]+\]|[^:?]+)(:(?<port>\d+))?(\?transport=(?<transport>udp|tcp))?$/.exec(
      url,
    )?.groups ?? {};
  if (host === undefined) throw Object.assign(new Error(), { code: 'the address is not understood' });
  const secure = scheme === 'turns';
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (secure ? 5349 : 3478)),
    transport: secure ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp',
  };
};

interface RelayLine {
  ask(credentials: RelayCredentials | null): Promise<RelayAnswer>;
  close(): void;
}

const openLine = async (address: Address): Promise<RelayLine> =>
  address.transport === 'udp' ? overUdp(address) : overStream(address);

const overUdp = ({ host, port }: Address): RelayLine => {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return {
    async ask(credentials) {
      const request = writeAllocate(credentials);
      const { promise, resolve, reject } = Promise.withResolvers<RelayAnswer>();
      const take = (bytes: Buffer): void => {
        const answer = readAnswer(bytes);
        if (answer !== null) resolve(answer);
      };
      const send = (): void => socket.send(request, port, host, (error) => error && reject(error));
      socket.on('message', take);
      socket.once('error', reject);
      const again = setInterval(send, SEND_AGAIN_MS);
      const late = setTimeout(() => reject(tooLate()), ANSWER_WITHIN_MS);
      send();
      return promise.finally(() => {
        clearInterval(again);
        clearTimeout(late);
        socket.off('message', take);
        socket.off('error', reject);
      });
    },
    close: () => socket.close(),
  };
};

const overStream = async ({ host, port, transport }: Address): Promise<RelayLine> => {
  const socket =
    transport === 'tls'
      ? connectTls({ host, port, ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }) })
      : connectTcp({ host, port });
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => resolve());
  socket.on('error', reject);
  const late = setTimeout(() => reject(tooLate()), ANSWER_WITHIN_MS);
  try {
    await opened;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    async ask(credentials) {
      const answer = Promise.withResolvers<RelayAnswer>();
      let received: Buffer = Buffer.alloc(0);
      const take = (bytes: Buffer): void => {
        received = Buffer.concat([received, bytes]);
        const read = readAnswer(received);
        if (read !== null) answer.resolve(read);
      };
      const closed = (): void => answer.reject(Object.assign(new Error(), { code: 'it hung up' }));
      const timer = setTimeout(() => answer.reject(tooLate()), ANSWER_WITHIN_MS);
      socket.on('data', take);
      socket.once('close', closed);
      socket.write(writeAllocate(credentials));
      return answer.promise.finally(() => {
        clearTimeout(timer);
        socket.off('data', take);
        socket.off('close', closed);
      });
    },
    close: () => socket.destroy(),
  };
};

const tooLate = (): Error => Object.assign(new Error(), { code: 'no answer in time' });
