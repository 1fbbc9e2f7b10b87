import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';

/**
 * Whether a request comes from the simulator's own page or a program, and not from a foreign page: another host (DNS
 * rebinding) or another origin is rejected. The control API has no password, so this protects it from every web site
 * that its user visits.
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
    response.status(403).json({ error: 'Requests from other pages or to other host names are rejected.' });
  };
