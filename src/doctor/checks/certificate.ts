import { connect } from 'node:tls';

const CONNECT_TIMEOUT_MS = 8_000;

/** When the certificate of an https address expires, trusted or not; null when there is none. */
export const certificateExpiryMs = (url: string): Promise<number | null> => {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      // IP addresses have no server name.
      ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
      rejectUnauthorized: false,
      timeout: CONNECT_TIMEOUT_MS,
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
