import type { WallClock } from '../core/ports.ts';

/** Values kept for `ttlMs`; past `max` entries the least recently used is dropped. */
export interface Cache<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
}

export const createCache = <V>(options: { max: number; ttlMs: number; clock: WallClock }): Cache<V> => {
  const entries = new Map<string, { value: V; untilMs: number }>();
  return {
    get(key) {
      const entry = entries.get(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      if (entry.untilMs <= options.clock.nowMs()) return undefined;
      entries.set(key, entry);
      return entry.value;
    },
    set(key, value) {
      entries.delete(key);
      entries.set(key, { value, untilMs: options.clock.nowMs() + options.ttlMs });
      const [oldest] = entries.keys();
      if (entries.size > options.max && oldest !== undefined) entries.delete(oldest);
    },
  };
};
