import type { StoredFile } from '../../slack/control/contract.ts';

/** Files are loaded through the control interface only; null for a `control_url` that leads elsewhere. */
export function fileUrl(file: StoredFile, me: string): string | null {
  return file.control_url.startsWith('/control/files/') ? withPerson(file.control_url, me) : null;
}

/** For blocks that name a file by its id alone; the server ignores the name at the end of the path. */
export const fileUrlOfId = (id: string, me: string): string =>
  withPerson(`/control/files/${encodeURIComponent(id)}/file`, me);

function withPerson(url: string, me: string): string {
  const [path = '', query] = url.split('?');
  const search = new URLSearchParams(query);
  search.set('as', me);
  return `${path}?${search}`;
}

/** "3.4 MB". */
export function formatSize(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const amount = bytes / 1000 ** step;
  return `${amount.toFixed(step > 0 && amount < 10 ? 1 : 0)} ${units[step]}`;
}
