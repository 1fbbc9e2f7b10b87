import { createSocket } from 'node:dgram';
import { connect as connectTcp, isIPv6 } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type Finding, findings } from '../finding.ts';
import { RELAY } from '../sentences.ts';
import { errorCodeOf } from './probe-parley.ts';
import { type AllocateResponse, type RelayCredentials, readResponse, writeAllocate } from './stun.ts';

/** One relay address, and the credentials Parley would give a browser for it. */
export interface RelaySettings {
  /** `turn:host:port?transport=udp`, as TURN_URL has it. */
  readonly url: string;
  readonly username: string;
  readonly credential: string;
}

const RESPONSE_TIMEOUT_MS = 4_000;
/** UDP may lose a packet. */
const RESEND_EVERY_MS = 1_000;

/** Allocates an address on the relay as a browser does: first for the realm to sign with, then signed. */
export const checkRelay = async ({ url, username, credential }: RelaySettings): Promise<Finding> => {
  const result = findings('TURN_URL');
  try {
    const connection = await connect(addressOf(url));
    try {
      const challenge = await connection.allocate(null);
      if (challenge.kind === 'allocated') return result.failed(RELAY.open(url));
      const { realm, nonce } = challenge;
      const response = await connection.allocate({ username, password: credential, realm, nonce });
      return response.kind === 'allocated'
        ? result.ok(RELAY.ok(url))
        : result.failed(RELAY.refused(url, response.code));
    } finally {
      connection.close();
    }
  } catch (error) {
    return result.failed(RELAY.silent(url, errorCodeOf(error)));
  }
};

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
  if (host === undefined) throw Object.assign(new Error(), { code: 'invalid address' });
  const secure = scheme === 'turns';
  return {
    host: host.replace(/^\[|\]$/g, ''),
    port: Number(port ?? (secure ? 5349 : 3478)),
    transport: secure ? 'tls' : transport === 'tcp' ? 'tcp' : 'udp',
  };
};

interface RelayConnection {
  allocate(credentials: RelayCredentials | null): Promise<AllocateResponse>;
  close(): void;
}

const connect = async (address: Address): Promise<RelayConnection> =>
  address.transport === 'udp' ? overUdp(address) : overStream(address);

const overUdp = ({ host, port }: Address): RelayConnection => {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  return {
    async allocate(credentials) {
      const request = writeAllocate(credentials);
      const { promise, resolve, reject } = Promise.withResolvers<AllocateResponse>();
      const receive = (bytes: Buffer): void => {
        const response = readResponse(bytes);
        if (response !== null) resolve(response);
      };
      const send = (): void => socket.send(request, port, host, (error) => error && reject(error));
      socket.on('message', receive);
      socket.once('error', reject);
      const resend = setInterval(send, RESEND_EVERY_MS);
      const late = setTimeout(() => reject(timeout()), RESPONSE_TIMEOUT_MS);
      send();
      return promise.finally(() => {
        clearInterval(resend);
        clearTimeout(late);
        socket.off('message', receive);
        socket.off('error', reject);
      });
    },
    close: () => socket.close(),
  };
};

const overStream = async ({ host, port, transport }: Address): Promise<RelayConnection> => {
  const socket =
    transport === 'tls'
      ? connectTls({ host, port, ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }) })
      : connectTcp({ host, port });
  const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
  socket.once(transport === 'tls' ? 'secureConnect' : 'connect', () => resolve());
  socket.on('error', reject);
  const late = setTimeout(() => reject(timeout()), RESPONSE_TIMEOUT_MS);
  try {
    await opened;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(late);
  }
  return {
    async allocate(credentials) {
      const response = Promise.withResolvers<AllocateResponse>();
      let received: Buffer = Buffer.alloc(0);
      const receive = (bytes: Buffer): void => {
        received = Buffer.concat([received, bytes]);
        const read = readResponse(received);
        if (read !== null) response.resolve(read);
      };
      const closed = (): void => response.reject(Object.assign(new Error(), { code: 'connection closed' }));
      const timer = setTimeout(() => response.reject(timeout()), RESPONSE_TIMEOUT_MS);
      socket.on('data', receive);
      socket.once('close', closed);
      socket.write(writeAllocate(credentials));
      return response.promise.finally(() => {
        clearTimeout(timer);
        socket.off('data', receive);
        socket.off('close', closed);
      });
    },
    close: () => socket.destroy(),
  };
};

const timeout = (): Error => Object.assign(new Error(), { code: 'timeout' });
