import type { StoredFile } from '../slack/control/contract.ts';

/** Files come through the control interface only; another address in `control_url` is not followed. */
export function fileAddress(file: StoredFile, me: string): string | null {
  return file.control_url.startsWith('/control/files/') ? withPerson(file.control_url, me) : null;
}

/** For blocks that name a file nobody has listed: the name in the path is for people, the id is what counts. */
export const fileAddressOfId = (id: string, me: string): string =>
  withPerson(`/control/files/${encodeURIComponent(id)}/file`, me);

function withPerson(address: string, me: string): string {
  const [path = '', query] = address.split('?');
  const search = new URLSearchParams(query);
  search.set('as', me);
  return `${path}?${search}`;
}

/** "3.4 MB". */
export function sizeLabel(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  const amount = bytes / 1000 ** step;
  return `${amount.toFixed(step > 0 && amount < 10 ? 1 : 0)} ${units[step]}`;
}
