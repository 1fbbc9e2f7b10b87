import type { Place } from './connection.ts';

const KEY = 'parley-place';

/** The token of one's place in the meeting at `path`, kept for this tab alone; in memory where nothing is kept. */
export const storedResumeToken = (
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
  path: string,
): Place => {
  let token: string | null = null;
  try {
    const kept: unknown = JSON.parse(storage().getItem(KEY) ?? 'null');
    if (Array.isArray(kept) && kept[0] === path && typeof kept[1] === 'string') token = kept[1];
  } catch {
    // Somebody else's words under this key, or a browser that keeps nothing.
  }
  return {
    get: () => token,
    set(next) {
      token = next;
      try {
        storage().setItem(KEY, JSON.stringify([path, next]));
      } catch {
        // Until the page is loaded anew, memory is enough.
      }
    },
  };
};
