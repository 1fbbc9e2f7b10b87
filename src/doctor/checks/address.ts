import { WebSocket } from 'ws';
import { doctorUrl } from '../../web/doctor/link.ts';
import { type Finding, findings } from '../finding.ts';
import { certificateOf } from './certificate.ts';
import { isLoopback } from './hosts.ts';
import { type Answer, askParley } from './running.ts';

const OPEN_WITHIN_MS = 8_000;
/** Certificates that renew themselves do so thirty days before their end. */
const DAYS_LEFT_TO_WARN = 14;
const DAY_MS = 86_400_000;

/** An address under which browsers are told to find Parley: `variable` is its name, PUBLIC_URL or NODE_URL. */
export const checkAddress = async (parts: {
  readonly variable: string;
  readonly url: string;
  readonly token: string;
  /** Whether a Parley runs here at all; none could answer otherwise. */
  readonly runsHere: boolean;
  readonly nowMs: number;
}): Promise<readonly Finding[]> => {
  const { variable, url, token, nowMs } = parts;
  const tell = findings(variable);
  const found: Finding[] = [];
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'https:' && !isLoopback(hostname)) {
    found.push(
      tell.failed(
        `${url} is not https`,
        'Browsers give camera and microphone to https pages alone. Put a proxy with a certificate before Parley; docs/hosting.md has examples.',
      ),
    );
  }
  const answer = await askParley(url, token);
  found.push(answerFinding(tell, url, answer, parts.runsHere));
  if (protocol === 'https:' && answer.is !== 'silent') {
    found.push(certificateFinding(tell, await certificateOf(url), nowMs));
  }
  if (answer.is === 'ours') {
    found.push(await socketFinding(tell, url, token), await metricsFinding(tell, url));
  }
  return found;
};

type Tell = ReturnType<typeof findings>;

const answerFinding = (tell: Tell, url: string, answer: Answer, runsHere: boolean): Finding => {
  switch (answer.is) {
    case 'ours':
      return tell.ok(`${url} leads to this Parley, which answers in ${answer.tookMs} ms`);
    case 'foreign':
      if (answer.health !== 200) {
        return tell.failed(
          `${url} answers, but not as Parley does (status ${answer.health} to /healthz)`,
          'Check that the proxy passes every path on to Parley’s HOST and PORT, and that Parley runs.',
        );
      }
      return tell.failed(
        `${url} is healthy, but does not know this Parley’s secret (status ${answer.status})`,
        'Another Parley, or an older one, answers there; or several copies have different secrets. Give all the same PARLEY_SECRET, and run the doctor with the same environment.',
      );
    case 'silent':
      if (!runsHere && UNREACHED.has(answer.code)) {
        return tell.skipped(
          `nothing answers at ${url} (${answer.code}), and Parley does not run. Start it, then run the doctor again`,
        );
      }
      return tell.failed(`${url} does not answer (${answer.code})`, adviceFor(answer.code));
  }
};

const UNREACHED = new Set(['ECONNREFUSED', 'ECONNRESET', 'UND_ERR_SOCKET']);

const adviceFor = (code: string): string => {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'The name is not known here: check it, and its record in DNS.';
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate has expired: renew it.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return 'The certificate is for another name: get one for this name.';
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) {
    return 'Browsers will not trust this certificate: get one from an authority they know (Caddy does so by itself), and have the proxy send the chain that leads to it.';
  }
  if (code === 'ECONNREFUSED') return 'Nothing listens there: start the proxy, and check its port.';
  if (code === 'TimeoutError')
    return 'A firewall may swallow the connection: open TCP 443 (and 80 for the certificate).';
  return 'Check the proxy and its log.';
};

const certificateFinding = (tell: Tell, expiresMs: number | null, nowMs: number): Finding => {
  if (expiresMs === null)
    return tell.warning('its certificate could not be read', 'Look at it in a browser.');
  const days = Math.floor((expiresMs - nowMs) / DAY_MS);
  const until = new Date(expiresMs).toISOString().slice(0, 10);
  return days < DAYS_LEFT_TO_WARN
    ? tell.warning(`its certificate ends in ${days} days (${until})`, 'See that it is renewed in time.')
    : tell.ok(`its certificate is good for ${days} days (until ${until})`);
};

/** Proxies that pass pages and not sockets are common, and then nobody gets into a meeting. */
const socketFinding = async (tell: Tell, url: string, token: string): Promise<Finding> => {
  const socket = new WebSocket(`${doctorUrl(url, token).replace(/^http/, 'ws')}/socket`, {
    handshakeTimeout: OPEN_WITHIN_MS,
  });
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.once('close', () => reject(new Error('closed')));
      socket.once('open', () => socket.send(JSON.stringify({ id: 0, request: 'ping' })));
      socket.once('message', () => resolve());
    });
    return tell.ok('WebSockets get through to Parley');
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no reason';
    return tell.failed(
      `WebSockets do not get through (${why})`,
      'Nobody gets into a meeting without. Have the proxy pass the upgrade on (nginx: proxy_http_version 1.1 and the headers Upgrade and Connection); docs/hosting.md has examples.',
    );
  } finally {
    socket.terminate();
  }
};

const metricsFinding = async (tell: Tell, url: string): Promise<Finding> => {
  const { hostname } = new URL(url);
  const status = await fetch(`${url}/metrics`, { redirect: 'manual' }).then(
    (response) => response.status,
    () => 0,
  );
  if (status !== 200 || isLoopback(hostname)) return tell.ok('figures at /metrics are not for everybody');
  return tell.warning(
    'figures at /metrics are open to everybody',
    'They hold nobody’s words, but are nobody else’s business: have the proxy refuse that path.',
  );
};
