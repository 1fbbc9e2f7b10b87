import { createServer } from 'node:net';

/** Below the system’s ephemeral ports: no other socket gets it before the program listens. */
const LOWEST = 10_000;
const HIGHEST = 29_999;

/** A port that nothing listens on, for programs whose port is configured, or that restart on the same one. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST + 1));
    if (await isFree(port)) return port;
  }
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const probe = createServer().on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
  });
