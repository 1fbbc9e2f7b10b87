import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { BrowserContext } from 'playwright-core';

/**
 * The network of one person. All that their browser says to Parley, pages, signalling and media, goes through it,
 * and while it is cut none of that arrives, in either direction: packets are lost, and connections stay and say nothing.
 */
export interface Network {
  /** The same address by way of this network. */
  through(url: string): Promise<string>;
  /** Leads the media of the pages of this context the same way. To be called before they are opened. */
  carryMediaOf(context: BrowserContext): Promise<void>;
  cut(): void;
  restore(): void;
  /** Ends every connection of pages and signalling, as a proxy does that is started anew. Media goes on. */
  breakConnections(): void;
  /** Ends every path of media for good, as a router does that forgot them: only a new path leads through. */
  breakMediaPaths(): void;
  /** Media packets that came to nothing. */
  readonly lostPackets: number;
  close(): Promise<void>;
}

const HERE = '127.0.0.1';
type Protocol = 'udp' | 'tcp';
interface Way {
  readonly port: number;
  /** Ends what goes through it now. */
  break(): void;
  close(): void;
}
/** What all ways of one network have in common. */
interface State {
  isCut: boolean;
  lostPackets: number;
  readonly whenChanged: Set<() => void>;
}

export const createNetwork = (): Network => {
  const state: State = { isCut: false, lostPackets: 0, whenChanged: new Set() };
  const toPages = new Map<string, Promise<Way>>();
  const toMedia = new Map<string, Promise<Way>>();
  const wayIn = async (
    ways: Map<string, Promise<Way>>,
    protocol: Protocol,
    port: number,
  ): Promise<number> => {
    const key = `${protocol} ${port}`;
    const way = ways.get(key) ?? (protocol === 'udp' ? openUdpWay : openTcpWay)(port, state);
    ways.set(key, way);
    return (await way).port;
  };
  const all = (ways: Map<string, Promise<Way>>, work: (way: Way) => void): void => {
    for (const way of ways.values()) void way.then(work);
  };
  const set = (isCut: boolean): void => {
    state.isCut = isCut;
    for (const changed of state.whenChanged) changed();
  };
  return {
    async through(url) {
      const by = new URL(url);
      by.port = String(await wayIn(toPages, 'tcp', Number(by.port)));
      return by.href;
    },
    async carryMediaOf(context) {
      await context.exposeFunction('wayTo', (protocol: Protocol, port: number) =>
        wayIn(toMedia, protocol, port),
      );
      await context.addInitScript(LEAD_MEDIA);
    },
    cut: () => set(true),
    restore: () => set(false),
    breakConnections: () => all(toPages, (way) => way.break()),
    breakMediaPaths() {
      all(toMedia, (way) => way.close());
      toMedia.clear();
    },
    get lostPackets() {
      return state.lostPackets;
    },
    async close() {
      for (const way of await Promise.all([...toPages.values(), ...toMedia.values()])) way.close();
    },
  };
};

/** In the page: whatever the server says it can be reached at is reached by way of the network. */
const LEAD_MEDIA = `(() => {
  const { prototype } = RTCPeerConnection;
  const original = prototype.setRemoteDescription;
  const lead = async (line) => {
    const [, before, protocol, address, port, after] =
      /^(a=candidate:\\S+ \\d+ (udp|tcp) \\d+ )(\\S+) (\\d+)(.*)$/i.exec(line) ?? [];
    if (before === undefined) return line;
    return before + address + ' ' + (await window.wayTo(protocol.toLowerCase(), Number(port))) + after;
  };
  prototype.setRemoteDescription = async function ({ type, sdp }) {
    const lines = await Promise.all(sdp.split('\\r\\n').map(lead));
    return original.call(this, { type, sdp: lines.join('\\r\\n') });
  };
})()`;

const openUdpWay = async (target: number, state: State): Promise<Way> => {
  const near = createSocket('udp4');
  /** One for each port of the browser's, so that the server tells them apart. */
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
    pass(() => onward.send(packet, target, HERE));
  });
  near.bind(0, HERE);
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

const openTcpWay = async (target: number, state: State): Promise<Way> => {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (near) => {
    const far = connect({ port: target, host: HERE, allowHalfOpen: true });
    for (const socket of [near, far]) sockets.add(socket);
    join(near, far, state);
    for (const socket of [near, far]) socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, HERE);
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

/** Passes bytes both ways, and also that a side has gone, unless the network is cut: then all of it waits. */
const join = (near: Socket, far: Socket, state: State): void => {
  const gone = new Set<Socket>();
  const settle = (): void => {
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      if (state.isCut) one.unpipe(other).pause();
      else if (gone.has(one)) other.destroy();
      else one.pipe(other);
    }
    if (gone.size === 2) state.whenChanged.delete(settle);
  };
  for (const socket of [near, far]) {
    socket.on('error', () => {});
    socket.once('close', () => {
      gone.add(socket);
      settle();
    });
  }
  state.whenChanged.add(settle);
  settle();
};
