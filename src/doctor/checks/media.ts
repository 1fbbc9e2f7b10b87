import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { createServer, isIP } from 'node:net';
import { type Finding, findings } from '../finding.ts';
import { MEDIA_ADDRESS, MEDIA_PORTS } from '../sentences.ts';
import { isLocalAddress, isLoopback } from './hosts.ts';
import { errorCodeOf } from './probe-parley.ts';

export interface MediaSettings {
  /** HOST: media uses it as well, unless an address is announced. */
  readonly host: string;
  readonly publicUrl: string | null;
  readonly announcedAddress: string | null;
  readonly portBase: number | null;
  /** Media workers: each has a port. */
  readonly count: number;
}

/** Whether the address announced to browsers is one that they can reach. */
export const checkAnnouncedAddress = async (settings: MediaSettings): Promise<Finding> => {
  const result = findings('MEDIA_ANNOUNCED_ADDRESS');
  const { announcedAddress, host, publicUrl } = settings;
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  const isPublic = publicHost !== null && !isLoopback(publicHost);
  if (announcedAddress === null) {
    return !isPublic && isLoopback(host)
      ? result.ok(MEDIA_ADDRESS.notNeeded)
      : result.failed(MEDIA_ADDRESS.notSet);
  }
  const [own, announced] = await Promise.all([addressesOf(publicHost), addressesOf(announcedAddress)]);
  if (announced.length === 0) return result.failed(MEDIA_ADDRESS.unknown(announcedAddress));
  const shown = announced.includes(announcedAddress)
    ? announcedAddress
    : `${announcedAddress} (${announced.join(', ')})`;
  if (announced.every(isLocalAddress) && isPublic && !own.every(isLocalAddress)) {
    return result.failed(MEDIA_ADDRESS.private(shown, publicHost));
  }
  return result.ok(MEDIA_ADDRESS.ok(shown));
};

const addressesOf = async (host: string | null): Promise<readonly string[]> => {
  if (host === null) return [];
  if (isIP(host) !== 0) return [host];
  return lookup(host, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
};

/** Whether the media ports are free, or used by Parley already. */
export const checkPorts = async (settings: MediaSettings, runsHere: boolean): Promise<Finding> => {
  const result = findings('Media ports');
  const { portBase, count, announcedAddress, host } = settings;
  if (portBase === null) return result.ok(MEDIA_PORTS.any);
  const ports = Array.from({ length: count }, (_, index) => portBase + index);
  const ip = announcedAddress === null ? host : '0.0.0.0';
  const attempts = await Promise.all(
    ports.flatMap((port) => [
      bindUdp(ip, port).then((code) => code && `UDP ${port} (${code})`),
      bindTcp(ip, port).then((code) => code && `TCP ${port} (${code})`),
    ]),
  );
  const taken = attempts.filter((attempt) => attempt !== null);
  const range = `${portBase}${count > 1 ? ` to ${portBase + count - 1}` : ''}, UDP and TCP,`;
  if (taken.length === 0) return result.ok(MEDIA_PORTS.free(range));
  const allInUse = taken.length === attempts.length && taken.every((each) => each.includes('EADDRINUSE'));
  if (runsHere && allInUse) return result.ok(MEDIA_PORTS.inUse(range));
  return result.failed(MEDIA_PORTS.taken(taken.join(', ')));
};

/** The error's code; null when it could be bound. */
const bindUdp = (ip: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = createSocket({ type: ip.includes(':') ? 'udp6' : 'udp4' });
    socket.once('error', (error) => {
      socket.close();
      resolve(errorCodeOf(error));
    });
    socket.bind({ port, address: ip, exclusive: true }, () => socket.close(() => resolve(null)));
  });

const bindTcp = (ip: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(errorCodeOf(error)));
    server.listen({ port, host: ip, exclusive: true }, () => server.close(() => resolve(null)));
  });
