import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';

/** The embedded database's thread: runs statements one after the other, in order. */

export interface ThreadOptions {
  /** The directory with Postgres' files; created when missing. */
  readonly files: string;
}
/** A port is a new connection, which carries the Postgres protocol. */
export type ThreadRequest = MessagePort | 'close';

const port = parentPort;
if (port === null)
  throw new Error('This file is the database’s thread; start it through startDatabaseThread.');

const { files } = workerData as ThreadOptions;
const pglite = await PGlite.create(files);
let connected: MessagePort | null = null;
let previous: Promise<void> = Promise.resolve();

/** A failure here is more than a failed statement: the unhandled rejection ends the thread. */
const inTurn = (work: () => Promise<void>): void => {
  previous = previous.then(work);
};

/** The new connection gets the only session, outside of any transaction. */
const connect = async (connection: MessagePort): Promise<void> => {
  connected?.close();
  connected = connection;
  if (pglite.isInTransaction()) await pglite.exec('rollback');
  connection.on('message', (bytes: Uint8Array) => inTurn(() => answer(connection, bytes)));
};

const answer = async (connection: MessagePort, bytes: Uint8Array): Promise<void> => {
  await pglite.execProtocolRawStream(bytes, {
    onRawData: (inWasm) => {
      const own = inWasm.slice();
      connection.postMessage(own, [own.buffer]);
    },
  });
};

port.on('message', (request: ThreadRequest) => {
  if (request !== 'close') return inTurn(() => connect(request));
  inTurn(async () => {
    await pglite.close();
    process.exit(0);
  });
});
port.postMessage('open');
