const KEY = 'parley-browser';
const BYTES = 32;

/** What tells this browser from every other, for as long as it keeps it; as long as the page where nothing is kept. */
export const browserKey = (storage: () => Pick<Storage, 'getItem' | 'setItem'>): string => {
  try {
    const kept = storage().getItem(KEY);
    if (kept !== null && /^[0-9a-f]{64}$/.test(kept)) return kept;
  } catch {
    // A browser that keeps nothing for this page.
  }
  const made = [...crypto.getRandomValues(new Uint8Array(BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  try {
    storage().setItem(KEY, made);
  } catch {
    // The link is good until the page is loaded anew; after that another press on Join gives the next.
  }
  return made;
};

/** How a page says it where it asks. @see src/web/meetings/browser.ts */
export const browserHeaders = (key: string): Record<string, string> => ({ 'parley-browser': key });
/** The same on a socket, whose headers scripts cannot set. */
export const browserProtocols = (key: string): string[] => ['parley', `browser.${key}`];
