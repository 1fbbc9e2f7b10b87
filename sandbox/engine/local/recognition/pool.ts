import { WorkerThread } from '../../../common/worker-thread.ts';
import type { MoonshineSize } from './moonshine.ts';
import type { RecognizerApi } from './worker.ts';

/** Live queues go first; recordings take turns, a segment at a time. */
export type QueueKind = 'live' | 'recording';

type Task = (recognizer: WorkerThread<RecognizerApi>) => Promise<unknown>;

/** The tasks of one client. They start in order; `close` drops those not started. */
export interface RecognizerQueue {
  run<T>(task: (recognizer: WorkerThread<RecognizerApi>) => Promise<T>): Promise<T>;
  close(): void;
}

interface Queue {
  readonly kind: QueueKind;
  closed: boolean;
  readonly tasks: { start: Task; drop: () => void }[];
}

/** Shares a few recognizer threads fairly among the clients of the engine. */
export class RecognizerPool {
  readonly #idle: WorkerThread<RecognizerApi>[];
  readonly #all: readonly WorkerThread<RecognizerApi>[];
  /** By their last turn, longest ago first. */
  #queues: Queue[] = [];
  #recordingTasks = 0;
  #closed = false;

  constructor(count: number) {
    const file = new URL('./worker.ts', import.meta.url);
    this.#all = Array.from({ length: count }, () => new WorkerThread<RecognizerApi>(file));
    this.#idle = [...this.#all];
  }

  open(kind: QueueKind): RecognizerQueue {
    const queue: Queue = { kind, closed: this.#closed, tasks: [] };
    // A new queue goes first: it has not had a turn.
    this.#queues.unshift(queue);
    return {
      run: (task) =>
        new Promise((resolve, reject) => {
          const start: Task = (recognizer) => task(recognizer).then(resolve, reject);
          const drop = () => reject(new Error('The queue is closed.'));
          if (queue.closed) return drop();
          queue.tasks.push({ start, drop });
          this.#dispatch();
        }),
      close: () => {
        this.#queues = this.#queues.filter((other) => other !== queue);
        drain(queue);
      },
    };
  }

  /** Loads the models now, so that the first request does not wait for them. */
  async warm(sizes: readonly MoonshineSize[]): Promise<void> {
    await Promise.all(this.#all.map((recognizer) => recognizer.call('warm', sizes)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queues.splice(0).forEach(drain);
    await Promise.all(this.#all.map((recognizer) => recognizer.close()));
  }

  #dispatch(): void {
    for (;;) {
      const queue = this.#idle.length > 0 ? this.#next() : undefined;
      const task = queue?.tasks.shift();
      if (!queue || !task) return;
      const recognizer = this.#idle.pop() as WorkerThread<RecognizerApi>;
      this.#queues = [...this.#queues.filter((other) => other !== queue), queue];
      if (queue.kind === 'recording') this.#recordingTasks++;
      void task.start(recognizer).finally(() => {
        if (queue.kind === 'recording') this.#recordingTasks--;
        this.#idle.push(recognizer);
        this.#dispatch();
      });
    }
  }

  #next(): Queue | undefined {
    const waiting = this.#queues.filter((queue) => queue.tasks.length > 0);
    const live = waiting.find((queue) => queue.kind === 'live');
    if (live) return live;
    // While a live queue exists, one of several threads stays free for it.
    const hasLive = this.#queues.some((queue) => queue.kind === 'live');
    const maxRecordings = hasLive ? Math.max(1, this.#all.length - 1) : this.#all.length;
    return this.#recordingTasks < maxRecordings ? waiting[0] : undefined;
  }
}

const drain = (queue: Queue): void => {
  queue.closed = true;
  for (const { drop } of queue.tasks.splice(0)) drop();
};
