const STORAGE_KEY = 'parley-place';

/** Keeps the token with which this page takes up its participant again after a reload. */
export interface ResumeTokenStore {
  readonly get: () => string | null;
  readonly set: (token: string | null) => void;
}

/** For the meeting at `path`, in this tab alone; in memory where there is no storage. */
export const createResumeTokenStore = (
  storage: () => Pick<Storage, 'getItem' | 'setItem'>,
  path: string,
): ResumeTokenStore => {
  let token: string | null = null;
  try {
    const stored: unknown = JSON.parse(storage().getItem(STORAGE_KEY) ?? 'null');
    if (Array.isArray(stored) && stored[0] === path && typeof stored[1] === 'string') token = stored[1];
  } catch {
    // Another page's value under this key, or no storage.
  }
  return {
    get: () => token,
    set(next) {
      token = next;
      try {
        storage().setItem(STORAGE_KEY, JSON.stringify([path, next]));
      } catch {
        // Memory is enough until the page is reloaded.
      }
    },
  };
};
