import { Duplex } from 'node:stream';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ThreadOptions, ThreadRequest } from './worker.ts';

/** PGlite on a thread of its own, so that audio, signalling and acknowledgements do not wait for statements. */
export interface DatabaseThread {
  /** A new connection, which replaces the one before. `pg` uses it as a socket. */
  connect(): Duplex;
  /** Resolves when the thread ended unexpectedly. Every connection then fails. */
  readonly lost: Promise<Error>;
  /** Ends the thread after the statements that it was sent. Idempotent. */
  close(): Promise<void>;
}

/**
 * Resolves when the database under `files` is open.
 * @throws whatever kept PGlite from opening it
 */
export const startDatabaseThread = async (files: string): Promise<DatabaseThread> => {
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData: { files } satisfies ThreadOptions,
    // The database needs no tokens.
    env: {},
    execArgv: [],
  });
  const ended = endOf(worker);
  const lost = new Promise<Error>((resolve) => {
    void ended.then((fault) => fault !== null && resolve(fault));
  });
  const opened = new Promise<null>((resolve) => worker.once('message', () => resolve(null)));
  const fault = await Promise.race([opened, lost]);
  if (fault !== null) throw fault;
  return {
    connect: () => {
      const { port1, port2 } = new MessageChannel();
      // An ended thread has no id.
      if (worker.threadId === -1) port2.close();
      else worker.postMessage(port2 satisfies ThreadRequest, [port2]);
      return new Connection(port1);
    },
    lost,
    close: async () => {
      worker.postMessage('close' satisfies ThreadRequest);
      await ended;
    },
  };
};

/** Resolves when the thread ended: to its fault, or null. */
const endOf = (worker: Worker): Promise<Error | null> =>
  new Promise((resolve) => {
    let fault: Error | null = null;
    worker.once('error', (error) => {
      fault = error instanceof Error ? error : new Error('The database’s thread failed.', { cause: error });
    });
    worker.once('exit', (code) =>
      resolve(fault ?? (code === 0 ? null : new Error(`The database’s thread ended with code ${code}.`))),
    );
  });

/** The main thread's end of a connection: the part of a socket that `pg` uses. */
class Connection extends Duplex {
  readonly #port: MessagePort;

  constructor(port: MessagePort) {
    super();
    this.#port = port;
    port.on('message', (bytes: Uint8Array) => this.push(bytes));
    port.on('close', () => this.destroy(new Error('The database’s thread is gone.')));
  }

  connect(): void {
    process.nextTick(() => this.emit('connect'));
  }
  setNoDelay(): void {}
  ref(): void {}

  override _read(): void {}

  /** `pg` corks what belongs together. */
  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    const bytes = new Uint8Array(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    this.#port.postMessage(bytes, [bytes.buffer]);
    done();
  }

  override _final(done: () => void): void {
    this.destroy();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port.close();
    done(error);
  }
}
