import { WorkerThread } from '../../../common/worker-thread.ts';
import type { MoonshineSize } from './moonshine.ts';
import type { RecognizerApi } from './worker.ts';

/** A live lane is always served first; recordings take turns, a segment at a time. */
export type LaneKind = 'live' | 'recording';

type Task = (scribe: WorkerThread<RecognizerApi>) => Promise<unknown>;

/** One client's work. Its tasks start in the order given; `close` drops what has not started. */
export interface Lane {
  run<T>(task: (scribe: WorkerThread<RecognizerApi>) => Promise<T>): Promise<T>;
  close(): void;
}

interface Queue {
  readonly kind: LaneKind;
  closed: boolean;
  readonly tasks: { start: Task; drop: () => void }[];
}

/** Shares a few scribes fairly among all who talk to the engine. */
export class RecognizerPool {
  readonly #idle: WorkerThread<RecognizerApi>[];
  readonly #all: readonly WorkerThread<RecognizerApi>[];
  /** In order of their last turn, longest ago first. */
  #queues: Queue[] = [];
  #recordingTasks = 0;
  #closed = false;

  constructor(count: number) {
    const file = new URL('./worker.ts', import.meta.url);
    this.#all = Array.from({ length: count }, () => new WorkerThread<RecognizerApi>(file));
    this.#idle = [...this.#all];
  }

  open(kind: LaneKind): Lane {
    const queue: Queue = { kind, closed: this.#closed, tasks: [] };
    // A newcomer has waited longest: it has not had a turn at all.
    this.#queues.unshift(queue);
    return {
      run: (task) =>
        new Promise((resolve, reject) => {
          const start: Task = (scribe) => task(scribe).then(resolve, reject);
          const drop = () => reject(new Error('The lane has been closed.'));
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

  /** Loads the models now, so that the first request need not wait for them. */
  async warm(sizes: readonly MoonshineSize[]): Promise<void> {
    await Promise.all(this.#all.map((scribe) => scribe.call('warm', sizes)));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#queues.splice(0).forEach(drain);
    await Promise.all(this.#all.map((scribe) => scribe.close()));
  }

  #dispatch(): void {
    for (;;) {
      const queue = this.#idle.length > 0 ? this.#next() : undefined;
      const task = queue?.tasks.shift();
      if (!queue || !task) return;
      const scribe = this.#idle.pop() as WorkerThread<RecognizerApi>;
      this.#queues = [...this.#queues.filter((other) => other !== queue), queue];
      if (queue.kind === 'recording') this.#recordingTasks++;
      void task.start(scribe).finally(() => {
        if (queue.kind === 'recording') this.#recordingTasks--;
        this.#idle.push(scribe);
        this.#dispatch();
      });
    }
  }

  #next(): Queue | undefined {
    const waiting = this.#queues.filter((queue) => queue.tasks.length > 0);
    const live = waiting.find((queue) => queue.kind === 'live');
    if (live) return live;
    // While somebody is live, one scribe stays free for them, if there is more than one.
    const someoneLive = this.#queues.some((queue) => queue.kind === 'live');
    const most = someoneLive ? Math.max(1, this.#all.length - 1) : this.#all.length;
    return this.#recordingTasks < most ? waiting[0] : undefined;
  }
}

const drain = (queue: Queue): void => {
  queue.closed = true;
  for (const { drop } of queue.tasks.splice(0)) drop();
};
