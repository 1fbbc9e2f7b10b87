const STORAGE_KEY = 'parley-browser';
const KEY_BYTES = 32;

/** Identifies this browser for as long as its storage lasts; for as long as the page where there is no storage. */
export const browserKey = (storage: () => Pick<Storage, 'getItem' | 'setItem'>): string => {
  try {
    const stored = storage().getItem(STORAGE_KEY);
    if (stored !== null && /^[0-9a-f]{64}$/.test(stored)) return stored;
  } catch {
    // This browser has no storage for the page.
  }
  const key = [...crypto.getRandomValues(new Uint8Array(KEY_BYTES))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('');
  try {
    storage().setItem(STORAGE_KEY, key);
  } catch {
    // The link is good until the page is reloaded; after that, Join in Slack gives another.
  }
  return key;
};

/** Of the protocol that this page speaks; the server asks pages of another version to reload. */
const VERSION = 'v2';

/** How the page sends the key over HTTP. @see src/web/meetings/browser.ts */
export const browserHeaders = (key: string): Record<string, string> => ({
  'parley-browser': `${VERSION}-${key}`,
});
/** The same for WebSockets, whose headers scripts cannot set. */
export const browserProtocols = (key: string): string[] => ['parley', `browser.${VERSION}-${key}`];
