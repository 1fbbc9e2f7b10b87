import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** The processes of a measurement, connected to this one by IPC. */
export interface Parts {
  /** Starts one, with the flags of this process. */
  start(file: URL, given: readonly string[]): ChildProcess;
  /** Ends all. Idempotent. */
  stop(): Promise<void>;
}

export const createParts = (): Parts => {
  const children: ChildProcess[] = [];
  return {
    start(file, given) {
      const child = fork(file, given);
      children.push(child);
      return child;
    },
    stop: async () => void (await Promise.all(children.map(stop))),
  };
};

/** The next thing a part says. Rejects when it dies instead. */
export const answer = <T>(child: ChildProcess): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const died = (code: number | null): void =>
    reject(new Error(`a part of the measurement ended with ${code}`));
  child.once('exit', died);
  child.once('message', (message) => {
    child.off('exit', died);
    resolve(message as T);
  });
  return promise;
};

/** Tells a part to do something, and waits for what it says then. */
export const ask = <T>(child: ChildProcess, message: object): Promise<T> => {
  const answered = answer<T>(child);
  child.send(message);
  return answered;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // A part that waits inside FFmpeg does not handle messages.
  child.kill('SIGKILL');
  await gone;
};
