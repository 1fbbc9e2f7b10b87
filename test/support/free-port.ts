import { createServer } from 'node:net';

/** Below those that the system gives to whoever asks for any: no other test gets it before the program that is told it listens. */
const LOWEST = 10_000;
const HIGHEST = 29_999;

/** A port that nothing listens on, for programs that must be told theirs beforehand or come back on the same one. */
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
