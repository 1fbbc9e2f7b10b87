import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

/**
 * Whether a request comes from this machine's own page or a program, and not from a foreign page in the browser:
 * one that names another host (DNS rebinding) or another origin is refused. The control interface needs no
 * password, so this is what stands between a workspace and every web site that its owner visits.
 */
export const isOwn = (request: IncomingMessage, urls: () => readonly string[]): boolean => {
  const hosts = new Set(urls().map((url) => new URL(url).host));
  if (!hosts.has(request.headers.host ?? '')) return false;
  const { origin } = request.headers;
  return origin === undefined || (URL.canParse(origin) && hosts.has(new URL(origin).host));
};

export const createGuard =
  (urls: () => readonly string[]): RequestHandler =>
  (request, response, next) => {
    if (isOwn(request, urls)) {
      next();
      return;
    }
    response.status(403).json({ error: 'Requests from other pages or under other host names are refused.' });
  };
