import { WebSocket } from 'ws';
import { doctorUrl } from '../../web/doctor/link.ts';
import { type Finding, type Findings, findings } from '../finding.ts';
import { ADDRESS, CERTIFICATE, METRICS, SOCKETS } from '../sentences.ts';
import { certificateExpiryMs } from './certificate.ts';
import { isLoopback } from './hosts.ts';
import { type ParleyProbe, probeParley } from './probe-parley.ts';

const HANDSHAKE_TIMEOUT_MS = 8_000;
/** Certificates that renew themselves do so thirty days before they expire. */
const DAYS_LEFT_TO_WARN = 14;
const DAY_MS = 86_400_000;

/** Checks an address at which browsers reach Parley; `variable` is its name, PUBLIC_URL or NODE_URL. */
export const checkAddress = async (options: {
  readonly variable: string;
  readonly url: string;
  readonly token: string;
  /** Whether a Parley runs here; otherwise none can respond. */
  readonly runsHere: boolean;
  readonly nowMs: number;
}): Promise<readonly Finding[]> => {
  const { variable, url, token, nowMs } = options;
  const result = findings(variable);
  const found: Finding[] = [];
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname)) found.push(result.failed(ADDRESS.notHttps(url)));
  const probe = await probeParley(url, token);
  found.push(checkProbe(result, url, probe, options.runsHere));
  if (protocol === 'https:' && probe.kind !== 'silent') {
    found.push(checkCertificate(result, await certificateExpiryMs(url), nowMs));
  }
  if (probe.kind === 'ours') {
    found.push(await checkSockets(result, url, token), await checkMetrics(result, url));
  }
  return found;
};

const checkProbe = (result: Findings, url: string, probe: ParleyProbe, runsHere: boolean): Finding => {
  switch (probe.kind) {
    case 'ours':
      return result.ok(ADDRESS.ours(url, probe.tookMs));
    case 'foreign':
      return result.failed(
        probe.health === 200 ? ADDRESS.otherSecret(url, probe.status) : ADDRESS.notParley(url, probe.health),
      );
    case 'silent':
      if (!runsHere && NOT_LISTENING.has(probe.code)) {
        return result.skipped(ADDRESS.notStarted(url, probe.code));
      }
      return result.failed(ADDRESS.silent(url, probe.code));
  }
};

const NOT_LISTENING = new Set(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']);

const checkCertificate = (result: Findings, expiresMs: number | null, nowMs: number): Finding => {
  if (expiresMs === null) return result.warning(CERTIFICATE.unreadable);
  const days = Math.floor((expiresMs - nowMs) / DAY_MS);
  const date = new Date(expiresMs).toISOString().slice(0, 10);
  return days < DAYS_LEFT_TO_WARN
    ? result.warning(CERTIFICATE.expiresSoon(days, date))
    : result.ok(CERTIFICATE.ok(days, date));
};

/** Proxies that forward pages but no sockets are common. */
const checkSockets = async (result: Findings, url: string, token: string): Promise<Finding> => {
  const socket = new WebSocket(`${doctorUrl(url, token).replace(/^http/, 'ws')}/socket`, {
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
      socket.once('open', () => socket.send(JSON.stringify({ id: 0, request: 'ping' })));
      socket.once('message', () => resolve());
    });
    return result.ok(SOCKETS.ok);
  } catch (error) {
    return result.failed(SOCKETS.blocked(error instanceof Error ? error.message : 'no reason given'));
  } finally {
    socket.terminate();
  }
};

const checkMetrics = async (result: Findings, url: string): Promise<Finding> => {
  const { hostname } = new URL(url);
  const status = await fetch(`${url}/metrics`, { redirect: 'manual' }).then(
    (response) => response.status,
    () => 0,
  );
  return status !== 200 || isLoopback(hostname) ? result.ok(METRICS.ok) : result.warning(METRICS.public);
};
