import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { BrowserContext } from 'playwright-core';

/**
 * The network between one browser and Parley: pages, signalling and media. While it is cut nothing arrives in either
 * direction: packets are lost, and connections stay open without data.
 */
export interface Network {
  /** The same URL through this network. */
  through(url: string): Promise<string>;
  /** Routes the media of this context’s pages through it. To be called before they are opened. */
  routeMediaOf(context: BrowserContext): Promise<void>;
  cut(): void;
  restore(): void;
  /** Closes every connection of pages and signalling, as a proxy does that restarts. Media continues. */
  breakConnections(): void;
  /** Closes every media path for good, as a router does that lost its bindings: only a new path works. */
  breakMediaPaths(): void;
  /** Media packets dropped by cuts. */
  readonly lostPackets: number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
type Protocol = 'udp' | 'tcp';
interface Forwarder {
  readonly port: number;
  /** Closes its current connections. */
  break(): void;
  close(): void;
}
/** Shared by all forwarders of one network. */
interface State {
  isCut: boolean;
  lostPackets: number;
  readonly listeners: Set<() => void>;
}

export const createNetwork = (): Network => {
  const state: State = { isCut: false, lostPackets: 0, listeners: new Set() };
  const pageForwarders = new Map<string, Promise<Forwarder>>();
  const mediaForwarders = new Map<string, Promise<Forwarder>>();
  const forwardedPort = async (
    forwarders: Map<string, Promise<Forwarder>>,
    protocol: Protocol,
    port: number,
  ): Promise<number> => {
    const key = `${protocol} ${port}`;
    const forwarder = forwarders.get(key) ?? (protocol === 'udp' ? forwardUdp : forwardTcp)(port, state);
    forwarders.set(key, forwarder);
    return (await forwarder).port;
  };
  const all = (forwarders: Map<string, Promise<Forwarder>>, work: (forwarder: Forwarder) => void): void => {
    for (const forwarder of forwarders.values()) void forwarder.then(work);
  };
  const set = (isCut: boolean): void => {
    state.isCut = isCut;
    for (const changed of state.listeners) changed();
  };
  return {
    async through(url) {
      const proxied = new URL(url);
      proxied.port = String(await forwardedPort(pageForwarders, 'tcp', Number(proxied.port)));
      return proxied.href;
    },
    async routeMediaOf(context) {
      await context.exposeFunction('forwardedPort', (protocol: Protocol, port: number) =>
        forwardedPort(mediaForwarders, protocol, port),
      );
      await context.addInitScript(REWRITE_CANDIDATES);
    },
    cut: () => set(true),
    restore: () => set(false),
    breakConnections: () => all(pageForwarders, (forwarder) => forwarder.break()),
    breakMediaPaths() {
      all(mediaForwarders, (forwarder) => forwarder.close());
      mediaForwarders.clear();
    },
    get lostPackets() {
      return state.lostPackets;
    },
    async close() {
      const forwarders = await Promise.all([...pageForwarders.values(), ...mediaForwarders.values()]);
      for (const forwarder of forwarders) forwarder.close();
    },
  };
};

/** Runs in the page: replaces the ports of the server’s ICE candidates with forwarded ones. */
const REWRITE_CANDIDATES = `(() => {
  const { prototype } = RTCPeerConnection;
  const original = prototype.setRemoteDescription;
  const rewrite = async (line) => {
    const [, before, protocol, address, port, after] =
      /^(a=candidate:\\S+ \\d+ (udp|tcp) \\d+ )(\\S+) (\\d+)(.*)$/i.exec(line) ?? [];
    if (before === undefined) return line;
    return before + address + ' ' + (await window.forwardedPort(protocol.toLowerCase(), Number(port))) + after;
  };
  prototype.setRemoteDescription = async function ({ type, sdp }) {
    const lines = await Promise.all(sdp.split('\\r\\n').map(rewrite));
    return original.call(this, { type, sdp: lines.join('\\r\\n') });
  };
})()`;

const forwardUdp = async (target: number, state: State): Promise<Forwarder> => {
  const near = createSocket('udp4');
  /** One for each port of the browser, so that the server can tell them apart. */
  const fars = new Map<number, DatagramSocket>();
  const pass = (send: () => void): void => {
    if (state.isCut) state.lostPackets += 1;
    else send();
  };
  near.on('message', (packet, from) => {
    let far = fars.get(from.port);
    if (far === undefined) {
      far = createSocket('udp4');
      fars.set(from.port, far);
      far.on('message', (answer) => pass(() => near.send(answer, from.port, from.address)));
      far.on('error', () => {});
    }
    const onward = far;
    pass(() => onward.send(packet, target, LOOPBACK));
  });
  near.bind(0, LOOPBACK);
  await once(near, 'listening');
  const end = (): void => {
    for (const far of fars.values()) far.close();
    fars.clear();
  };
  return {
    port: near.address().port,
    break: end,
    close() {
      near.close();
      end();
    },
  };
};

const forwardTcp = async (target: number, state: State): Promise<Forwarder> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: LOOPBACK, allowHalfOpen: true });
    for (const socket of [near, far]) sockets.add(socket);
    pipeBoth(near, far, state);
    for (const socket of [near, far]) socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, LOOPBACK);
  await once(server, 'listening');
  const end = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    break: end,
    close() {
      server.close();
      end();
    },
  };
};

/** Forwards bytes in both directions, and the end of a side. While the network is cut, all of it waits. */
const pipeBoth = (near: Socket, far: Socket, state: State): void => {
  const closed = new Set<Socket>();
  const update = (): void => {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      if (state.isCut) one.unpipe(other).pause();
      else if (closed.has(one)) other.destroy();
      else one.pipe(other);
    }
    if (closed.size === 2) state.listeners.delete(update);
  };
  for (const socket of [near, far]) {
    socket.on('error', () => {});
    socket.once('close', () => {
      closed.add(socket);
      update();
    });
  }
  state.listeners.add(update);
  update();
};
