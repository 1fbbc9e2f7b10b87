import { describe, expect, it } from 'vitest';
import { type QueueKind, RecognizerPool } from '../../../../sandbox/engine/local/recognition/pool.ts';

/** Scribes start no thread before a task speaks to them; these tasks only wait to be told that they are done. */
const watch = (count: number) => {
  const scribes = new RecognizerPool(count);
  const running: { name: string; finish: () => void }[] = [];
  const started: string[] = [];
  const open = (kind: QueueKind, name: string) => {
    const lane = scribes.open(kind);
    let next = 1;
    return {
      add: (tasks: number) => {
        for (let i = 0; i < tasks; i++) {
          const task = `${name}${next++}`;
          void lane.run(() => {
            started.push(task);
            return new Promise<void>((finish) => running.push({ name: task, finish }));
          });
        }
      },
      lane,
    };
  };
  /** Ends the task that has been running longest, and lets the next one start. */
  const finishOne = async () => {
    running.shift()?.finish();
    await new Promise(setImmediate);
  };
  return { open, running, started, finishOne, scribes };
};

describe('scribes', () => {
  it('let two recordings take turns, segment by segment', async () => {
    const { open, started, finishOne } = watch(1);
    open('recording', 'long').add(4);
    open('recording', 'short').add(2);
    for (let i = 0; i < 6; i++) await finishOne();
    expect(started).toEqual(['long1', 'short1', 'long2', 'short2', 'long3', 'long4']);
  });

  it('serve a live stream before any recording that was there first', async () => {
    const { open, started, finishOne } = watch(1);
    open('recording', 'file').add(3);
    open('live', 'live').add(2);
    for (let i = 0; i < 5; i++) await finishOne();
    expect(started).toEqual(['file1', 'live1', 'live2', 'file2', 'file3']);
  });

  it('keep one of two threads free while there is a live queue, and use both otherwise', async () => {
    const { open, running, finishOne } = watch(2);
    const live = open('live', 'live');
    open('recording', 'file').add(5);
    expect(running.map(({ name }) => name)).toEqual(['file1']);
    live.add(1);
    expect(running.map(({ name }) => name)).toEqual(['file1', 'live1']);
    live.lane.close();
    await finishOne();
    await finishOne();
    expect(running.map(({ name }) => name)).toEqual(['file2', 'file3']);
  });

  it('drop what has not started when a queue or the engine closes, and reject later tasks', async () => {
    const { scribes } = watch(1);
    const lane = scribes.open('recording');
    let finish = () => {};
    const begun = lane.run(
      () =>
        new Promise<string>((resolve) => {
          finish = () => resolve('done');
        }),
    );
    const waiting = lane.run(async () => 'never');
    lane.close();
    await expect(waiting).rejects.toThrow('closed');
    await expect(lane.run(async () => 'never')).rejects.toThrow('closed');
    finish();
    await expect(begun).resolves.toBe('done');
    await scribes.close();
    await expect(scribes.open('live').run(async () => 'never')).rejects.toThrow('closed');
  });
});
