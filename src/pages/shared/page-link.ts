/** The addresses that belong to a page's own link, `https://host/meet/TOKEN` or `https://host/doctor/TOKEN`. */
export interface PageLink {
  readonly infoUrl: string;
  readonly socketUrl: string;
  /** The connection test. */
  readonly connectionUrl: string;
}

export const parsePageLink = (href: string): PageLink => {
  const page = new URL(href);
  const path = page.pathname.replace(/\/+$/, '');
  const socket = new URL(`${path}/socket`, page);
  socket.protocol = page.protocol === 'http:' ? 'ws:' : 'wss:';
  const urlOf = (part: string): string => new URL(`${path}/${part}`, page).href;
  return { infoUrl: urlOf('info'), socketUrl: socket.href, connectionUrl: urlOf('connection') };
};
