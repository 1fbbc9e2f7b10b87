import { type AddressInfo, createServer } from 'node:net';

/** A port that nothing listens on at the moment, for programs that must be told theirs beforehand. */
export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
