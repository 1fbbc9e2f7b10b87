import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { toAppError } from '../core/error.ts';
import { isPublicAddress } from './addresses.ts';
import { refused } from './errors.ts';
import { CREDENTIALS_IN_LINK, NOT_A_LINK, PRIVATE_NETWORK, unusualPort, WRONG_SCHEME } from './sentences.ts';

/** Every address of a host name. Rejects with the system's error (`ENOTFOUND`, …). */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Of a connection: the host name (or the address itself), the address it resolved to, and the port. */
interface Target {
  /** Without the brackets of IPv6. */
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
}

/** Whether an address that is not public, or a port that is unusual, is allowed all the same. */
export type AllowPrivate = (target: Target) => boolean;

export const resolveBySystem: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map(({ address }) => address);

/**
 * The ports that recordings are served from. Links are fetched from inside the network that Parley runs in, so other
 * ports would let people probe databases and mail servers of the public internet.
 */
const PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/**
 * Parses a link as a person wrote it.
 * @throws AppError `link-refused`
 */
export const parseLink = (text: string, base?: URL): URL => {
  let url: URL;
  try {
    url = new URL(text.trim(), base);
  } catch {
    throw refused(NOT_A_LINK);
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(WRONG_SCHEME);
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(CREDENTIALS_IN_LINK);
  }
  return url;
};

/**
 * Connects to public addresses only. The name is resolved and checked here, and the socket opened to that very address,
 * so that a name cannot resolve to a public address once and then to another.
 */
export const createGuardedConnector = (options: {
  readonly resolve: Resolve;
  readonly allowPrivate: AllowPrivate;
  readonly timeoutMs: number;
}): buildConnector.connector => {
  const addressesOf = async (hostname: string, port: number): Promise<readonly string[]> => {
    const addresses = isIP(hostname) ? [hostname] : await options.resolve(hostname);
    for (const address of addresses) {
      if (options.allowPrivate({ hostname, address, port })) continue;
      // One private address among public ones is refused too: an honest name does not mix them.
      if (!isPublicAddress(address)) throw refused(PRIVATE_NETWORK);
      if (!PORTS.has(port)) throw refused(unusualPort(port));
    }
    return addresses;
  };

  return (target, callback) => {
    // URLs write IPv6 hosts in brackets; sockets need them without.
    const hostname = target.hostname.replace(/^\[|\]$/g, '');
    const port = Number(target.port || (target.protocol === 'https:' ? 443 : 80));
    addressesOf(hostname, port).then(
      (addresses) => {
        const connect = buildConnector({
          timeout: options.timeoutMs,
          allowH2: false,
          lookup: answerWith(addresses),
        });
        connect({ ...target, hostname }, callback);
      },
      (error: unknown) => callback(error instanceof Error ? error : toAppError(error), null),
    );
  };
};

/** A lookup whose result is known. */
const answerWith =
  (addresses: readonly string[]): LookupFunction =>
  (hostname, options, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    const first = found[0];
    if (first === undefined) {
      callback(Object.assign(new Error('no address'), { code: 'ENOTFOUND', hostname }), '', 0);
    } else if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  };
