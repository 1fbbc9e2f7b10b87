import { parentPort, type Transferable, Worker } from 'node:worker_threads';

/** The functions of a thread: one argument, one result. */
export type WorkerApi = Record<string, (argument: never) => unknown>;

type Argument<Api extends WorkerApi, Name extends keyof Api> = Parameters<Api[Name]>[0];
type Result<Api extends WorkerApi, Name extends keyof Api> = Awaited<ReturnType<Api[Name]>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly argument: unknown;
}
type Close = 'close';
type Answer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly name: string; readonly message: string } };

/** A call failed in the thread, or the thread died. `kind` is the name of the original error. */
export class WorkerThreadError extends Error {
  override readonly name = 'ThreadError';
  readonly kind: string;
  constructor(kind: string, message: string) {
    super(message);
    this.kind = kind;
  }
}

/**
 * A worker thread with remote calls. It starts with the first call. If it dies, pending calls fail and the next one
 * restarts it.
 */
export class WorkerThread<Api extends WorkerApi> {
  readonly #file: URL;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #worker: Worker | null = null;
  #nextId = 0;
  #closed = false;

  constructor(file: URL) {
    this.#file = file;
  }

  /** Buffers in `transfer` move to the thread and are detached here. */
  call<Name extends keyof Api & string>(
    name: Name,
    argument: Argument<Api, Name>,
    transfer: readonly Transferable[] = [],
  ): Promise<Result<Api, Name>> {
    if (this.#closed) return Promise.reject(new WorkerThreadError('closed', 'The engine has been closed.'));
    const worker = this.#start();
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      worker.postMessage({ id, name, argument } satisfies Call, [...transfer]);
    });
  }

  /**
   * Rejects new calls, waits for pending ones and ends the thread. It is never terminated: that would crash the process
   * if native code is running.
   */
  close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return Promise.resolve();
    return new Promise((resolve) => {
      worker.once('exit', () => resolve());
      worker.postMessage('close' satisfies Close);
    });
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const worker = new Worker(this.#file);
    worker.on('message', (answer: Answer) => {
      const call = this.#waiting.get(answer.id);
      this.#waiting.delete(answer.id);
      if ('error' in answer) call?.reject(new WorkerThreadError(answer.error.name, answer.error.message));
      else call?.resolve(answer.result as never);
    });
    const died = (reason: string) => {
      if (this.#worker !== worker) return;
      this.#worker = null;
      this.#fail(new WorkerThreadError('died', reason));
    };
    worker.on('error', (error) => died(String(error)));
    worker.on('exit', (code) => died(`exit code ${code}`));
    this.#worker = worker;
    return worker;
  }

  #fail(error: WorkerThreadError): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}

/** In the thread: serves its calls. `transferOf` names buffers of a result to move instead of copy. */
export const serveWorkerThread = <Api extends WorkerApi>(
  api: Api,
  transferOf: (result: unknown) => Transferable[] = () => [],
): void => {
  const port = parentPort;
  if (!port) throw new Error('This file runs as a worker thread only.');
  const answer = async ({ id, name, argument }: Call): Promise<void> => {
    try {
      const result: unknown = await (api[name] as (argument: unknown) => unknown)(argument);
      port.postMessage({ id, result } satisfies Answer, transferOf(result));
    } catch (thrown) {
      const { name: kind, message } = thrown instanceof Error ? thrown : new Error(String(thrown));
      port.postMessage({ id, error: { name: kind, message } } satisfies Answer);
    }
  };
  const underWay = new Set<Promise<void>>();
  port.on('message', async (message: Call | Close) => {
    if (message === 'close') {
      await Promise.all(underWay);
      port.close();
      return;
    }
    const work = answer(message).finally(() => underWay.delete(work));
    underWay.add(work);
  });
};
