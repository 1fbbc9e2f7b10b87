import { lookup as systemLookup } from 'node:dns/promises';
import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { toAppError } from '../core/error.ts';
import { isPublicAddress } from './addresses.ts';
import { refused } from './errors.ts';

/** Every address of a host name. Rejects with the system's error (`ENOTFOUND`, …). */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Where a connection is about to go: a name (or the address itself), the address it leads to, and the port. */
interface Target {
  /** Without the brackets of IPv6. */
  readonly hostname: string;
  readonly address: string;
  readonly port: number;
}

/** Says of a place that is not public, or of a port that is unusual, whether it may be read all the same. */
export type AllowPrivate = (target: Target) => boolean;

export const resolveBySystem: Resolve = async (hostname) =>
  (await systemLookup(hostname, { all: true })).map(({ address }) => address);

/**
 * The ports recordings are served from. A link is fetched from inside the network Parley runs in, so other ports
 * would make it a tool for knocking at databases and mail servers of the public internet.
 */
const PORTS: ReadonlySet<number> = new Set([80, 443, 8080, 8443]);

/** Parses what a person gave as a link. Fails with `link-refused`. */
export const parseLink = (text: string, base?: URL): URL => {
  let url: URL;
  try {
    url = new URL(text.trim(), base);
  } catch {
    throw refused('That is not a link. Please give an address that begins with https://.');
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(
      'Parley reads links that begin with https:// or http://, and no others. Please give such a link.',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw refused('That link holds a user name or a password. Please give a link that needs none.');
  }
  return url;
};

/**
 * Connects to public addresses only. The address is looked up here, judged, and handed to the very socket that
 * is opened, so that a name cannot answer once with a public address and then with another.
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
      // One bad address among good ones is refused too: an honest name does not mix them.
      if (!isPublicAddress(address)) {
        throw refused(
          'That link leads into a private network, where Parley must not look. Please post the file here instead.',
        );
      }
      if (!PORTS.has(port)) {
        throw refused(
          'That link leads to an unusual port. Parley reads from 80, 443, 8080 and 8443 only; please post the file here instead.',
        );
      }
    }
    return addresses;
  };

  return (target, callback) => {
    // The URL standard writes IPv6 hosts in brackets; sockets want them bare.
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

/** A look-up that knows its answer already. */
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
