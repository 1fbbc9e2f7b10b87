import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address in front of a server, whose machine may be lost without a word to those who are connected. */
export interface VanishingServer {
  readonly port: number;
  /** Connections to the machine that vanished which their clients have not given up. */
  readonly waiting: number;
  /** From now on nothing answers: neither on connections that are open, nor on new ones. Nothing is reset or closed. */
  vanish(): void;
  /** The address leads to a new machine. Connections to the lost one are never answered. */
  replace(): void;
  close(): Promise<void>;
}

export const startVanishingServer = async (targetPort: number): Promise<VanishingServer> => {
  let isThere = true;
  /** Clients of the machine that is there, with its ends of their connections. */
  const served = new Map<Socket, Socket>();
  const ignored = new Set<Socket>();

  const ignore = (client: Socket): void => {
    ignored.add(client);
    client.unpipe().resume();
    for (const event of ['end', 'close']) client.on(event, () => ignored.delete(client));
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on('error', () => {});
    if (!isThere) return ignore(client);
    const onward = connect(targetPort, '127.0.0.1');
    served.set(client, onward);
    client.pipe(onward).pipe(client);
    onward.on('error', () => client.destroy());
    client.on('close', () => {
      onward.destroy();
      served.delete(client);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    get waiting() {
      return ignored.size;
    },
    vanish() {
      isThere = false;
      for (const [client, onward] of served) {
        onward.unpipe().destroy();
        ignore(client);
      }
      served.clear();
    },
    replace() {
      isThere = true;
    },
    async close() {
      server.close();
      for (const socket of [...served.keys(), ...ignored]) socket.destroy();
    },
  };
};
