import { connect } from 'node:tls';

const CONNECT_WITHIN_MS = 8_000;

/** When the certificate at an https address ends, also one that is not trusted; null when there is none to be had. */
export const certificateOf = (url: string): Promise<number | null> => {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      // Addresses have no server name.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
      timeout: CONNECT_WITHIN_MS,
    });
    const end = (expiresMs: number | null): void => {
      socket.destroy();
      resolve(expiresMs);
    };
    socket.once('secureConnect', () => {
      const expiresMs = Date.parse(socket.getPeerCertificate().valid_to);
      end(Number.isNaN(expiresMs) ? null : expiresMs);
    });
    socket.once('error', () => end(null));
    socket.once('timeout', () => end(null));
  });
};
