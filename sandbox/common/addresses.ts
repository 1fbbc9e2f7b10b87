import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The URLs at which the control API may be used. The first is where the server listens. */
export const createGuardedUrls =
  (server: Server, publicUrl: () => string): (() => string[]) =>
  () => {
    const { address, port } = server.address() as AddressInfo;
    const host = address.includes(':') ? `[${address}]` : address;
    const names = [
      host === '0.0.0.0' || host === '[::]' ? '127.0.0.1' : host,
      'localhost',
      '127.0.0.1',
      '[::1]',
    ];
    const urls = [...new Set(names)].map((name) => `http://${name}:${port}`);
    return publicUrl() === '' ? urls : [...urls, publicUrl()];
  };
