import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { createServer, isIP } from 'node:net';
import { type Finding, findings } from '../finding.ts';
import { isLocalAddress, isLoopback } from './hosts.ts';
import { codeOf } from './running.ts';

export interface MediaSettings {
  /** HOST: media is where that is, unless an address is announced. */
  readonly host: string;
  readonly publicUrl: string | null;
  readonly announcedAddress: string | null;
  readonly portBase: number | null;
  /** Media workers: each has a port. */
  readonly count: number;
}

/** Whether browsers are told an address that they can reach. */
export const checkAnnounced = async (settings: MediaSettings): Promise<Finding> => {
  const tell = findings('MEDIA_ANNOUNCED_ADDRESS');
  const { announcedAddress, host, publicUrl } = settings;
  const publicHost = publicUrl === null ? null : new URL(publicUrl).hostname.replace(/^\[|\]$/g, '');
  const isPublic = publicHost !== null && !isLoopback(publicHost);
  if (announcedAddress === null) {
    if (!isPublic && isLoopback(host))
      return tell.ok('not set: meetings are for browsers on this machine alone');
    return tell.failed(
      'not set, and browsers elsewhere would not know where to send sound and picture',
      'Set it to the public IP address of this machine, or of the router before it.',
    );
  }
  const [own, announced] = await Promise.all([addressesOf(publicHost), addressesOf(announcedAddress)]);
  if (announced.length === 0) {
    return tell.failed(`${announcedAddress} is not known here`, 'Check the name, or use an IP address.');
  }
  const said = announced.includes(announcedAddress)
    ? announcedAddress
    : `${announcedAddress} (${announced.join(', ')})`;
  if (announced.every(isLocalAddress) && isPublic && !own.every(isLocalAddress)) {
    return tell.failed(
      `${said} is an address of the inner network, while ${publicHost} is public`,
      'Set it to the public IP address, as browsers see it.',
    );
  }
  return tell.ok(`browsers send sound and picture to ${said}`);
};

const addressesOf = async (host: string | null): Promise<readonly string[]> => {
  if (host === null) return [];
  if (isIP(host) !== 0) return [host];
  return lookup(host, { all: true }).then(
    (found) => found.map(({ address }) => address),
    () => [],
  );
};

/** Whether the media ports are free, or Parley's already. */
export const checkPorts = async (settings: MediaSettings, runsHere: boolean): Promise<Finding> => {
  const tell = findings('Media ports');
  const { portBase, count, announcedAddress, host } = settings;
  if (portBase === null) return tell.ok('any free ones are taken, on loopback');
  const ports = Array.from({ length: count }, (_, index) => portBase + index);
  const ip = announcedAddress === null ? host : '0.0.0.0';
  const tried = await Promise.all(
    ports.flatMap((port) => [
      bindUdp(ip, port).then((fault) => fault && `UDP ${port} (${fault})`),
      bindTcp(ip, port).then((fault) => fault && `TCP ${port} (${fault})`),
    ]),
  );
  const taken = tried.filter((fault) => fault !== null);
  const range = `${portBase}${count > 1 ? ` to ${portBase + count - 1}` : ''}, UDP and TCP`;
  if (taken.length === 0)
    return tell.ok(`${range}, can be had. Whether they are open to browsers, the link below tests`);
  if (runsHere && taken.length === tried.length && taken.every((fault) => fault.includes('EADDRINUSE'))) {
    return tell.ok(`${range}, are in use, by the Parley that runs`);
  }
  return tell.failed(
    `not to be had: ${taken.join(', ')}`,
    'Stop what uses them, or choose others with MEDIA_PORT. Ports of 1024 and up need no rights.',
  );
};

/** Null when it could be bound. */
const bindUdp = (ip: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = createSocket({ type: ip.includes(':') ? 'udp6' : 'udp4' });
    socket.once('error', (error) => {
      socket.close();
      resolve(codeOf(error));
    });
    socket.bind({ port, address: ip, exclusive: true }, () => socket.close(() => resolve(null)));
  });

const bindTcp = (ip: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve(codeOf(error)));
    server.listen({ port, host: ip, exclusive: true }, () => server.close(() => resolve(null)));
  });
