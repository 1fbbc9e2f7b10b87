import type { Problem } from './finding.ts';

/** Everything that `npm run doctor` prints, by check. */

const problem = (message: string, advice: string): Problem => ({ message, advice });
/** Sentences from elsewhere end in a full stop, findings do not. */
const withoutStop = (sentence: string): string => sentence.replace(/\.$/, '');

export const REPORT = {
  title: 'Parley’s doctor',
  problems: (count: number): string => `${counted(count, 'problem')} found. See FAILED above.`,
  allPassed: 'All checks passed.',
  notes: (count: number): string => `${counted(count, 'note')} above.`,
  testLink: (url: string): string =>
    `UDP, TCP and TURN can only be tested from a browser. Open this link where people are, within 30 minutes:\n\n  ${url}`,
  noTestLink:
    'UDP, TCP and TURN can only be tested from a browser. Start Parley, then run the doctor again for a link.',
} as const;

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

export const SETTINGS = {
  ok: 'every variable is valid',
  invalid: (reason: string): Problem => problem(reason, 'See .env.example for each variable.'),
  secretInDataDir: problem(
    'PARLEY_SECRET is not set, so a secret is kept in DATA_DIR',
    'Instances that share a database must share one secret. Create it with: openssl rand -hex 32.',
  ),
} as const;

export const PARLEY = {
  running: (url: string): string => `running at ${url}`,
  notRunning: (url: string): string => `not running: nothing responds at ${url}`,
  portTaken: (url: string): Problem =>
    problem(
      `another program, or a Parley with another secret, uses ${url}`,
      'Stop it, or choose another port with PORT. Run the doctor with the environment that Parley has.',
    ),
} as const;

export const MEETINGS = {
  ok: 'available',
  unavailable: (reason: string): Problem =>
    problem(withoutStop(reason), 'See the other findings, and Parley’s log.'),
} as const;

export const ADDRESS = {
  notNeeded: 'not set, and not needed on this machine',
  notSet: problem(
    'not set, so links to meetings and voice clips have no address',
    'Set it to the https address at which browsers reach Parley.',
  ),
  notHttps: (url: string): Problem =>
    problem(
      `${url} is not https`,
      'Browsers allow camera and microphone on https pages only. Put a proxy with a certificate in front of Parley; docs/hosting.md has examples.',
    ),
  ours: (url: string, tookMs: number): string =>
    `${url} leads to this Parley, which responds in ${tookMs} ms`,
  notParley: (url: string, status: number): Problem =>
    problem(
      `${url} responds, but not as Parley does (status ${status} for /healthz)`,
      'Check that Parley runs, and that the proxy forwards every path to its HOST and PORT.',
    ),
  otherSecret: (url: string, status: number): Problem =>
    problem(
      `${url} is healthy, but has another secret than this Parley (status ${status})`,
      'Another Parley or an older version responds there, or instances have different secrets. Set the same PARLEY_SECRET everywhere, and run the doctor with the same environment.',
    ),
  notStarted: (url: string, code: string): string =>
    `nothing responds at ${url} (${code}), and Parley is not running. Start it, then run the doctor again`,
  silent: (url: string, code: string): Problem =>
    problem(`${url} does not respond (${code})`, adviceOnConnection(code)),
} as const;

const adviceOnConnection = (code: string): string => {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return 'The name is unknown: check it, and its DNS record.';
  if (code === 'CERT_HAS_EXPIRED') return 'The certificate has expired: renew it.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return 'The certificate is for another name: get one for this name.';
  }
  if (/SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER)/.test(code)) {
    return 'Browsers do not trust this certificate: get one from a known authority (Caddy does this by itself), and let the proxy send the whole chain.';
  }
  if (code === 'ECONNREFUSED') return 'Nothing listens there: start the proxy, and check its port.';
  if (code === 'TimeoutError') {
    return 'A firewall may drop the connection: open TCP 443, and 80 for the certificate.';
  }
  return 'Check the proxy and its log.';
};

export const CERTIFICATE = {
  unreadable: problem('its certificate could not be read', 'Look at it in a browser.'),
  expiresSoon: (days: number, date: string): Problem =>
    problem(`its certificate expires in ${days} days (${date})`, 'Make sure that it is renewed in time.'),
  ok: (days: number, date: string): string => `its certificate is valid for ${days} days (until ${date})`,
} as const;

export const SOCKETS = {
  ok: 'WebSockets reach Parley',
  blocked: (reason: string): Problem =>
    problem(
      `WebSockets do not reach Parley (${reason})`,
      'No one can join a meeting without them. Let the proxy pass the upgrade on (nginx: proxy_http_version 1.1 and the headers Upgrade and Connection); docs/hosting.md has examples.',
    ),
} as const;

export const METRICS = {
  ok: '/metrics is not public',
  public: problem(
    '/metrics is public',
    'It contains numbers and no words, but is meant for you alone. Let the proxy refuse that path.',
  ),
} as const;

export const DATABASE = {
  inUse: 'embedded, and in use by the running Parley',
  advice: 'Parley does not work without a database.',
} as const;

export const PROVIDER = {
  simulated: 'simulated by the local workspace',
  failed: (reason: string, advice: string): Problem => problem(withoutStop(reason), advice),
  slackAdvice: 'README.md says where to find the tokens. After changes to manifest.yml, reinstall the app.',
  missingScopes: (scopes: string): string => `The app lacks scopes of manifest.yml: ${scopes}.`,
  slack: (botName: string, workspace: string, hasAllScopes: boolean): string =>
    `${botName} in ${workspace}${hasAllScopes ? ', with every scope of manifest.yml' : ''}`,
  speech: (host: string, tookMs: number): string =>
    `${host} accepts the key and transcribed a second of silence in ${tookMs} ms`,
  speechAdvice: 'Check DEEPGRAM_API_KEY and DEEPGRAM_URL, and the account’s credit.',
  chart: (renderer: string | null, sizeKb: number): string =>
    `drawn by ${renderer ?? 'Parley itself'}, ${sizeKb} KB`,
  chartsAdvice: 'Check QUICKCHART_URL, or remove it: Parley then draws charts itself.',
  worker: 'installed, and starts',
  workerAdvice: 'Meetings need it; everything else works without.',
} as const;

export const LIVE = {
  admitted: (tried: number): string => `${tried} streams at once are admitted`,
  limited: (tried: number, admitted: number): Problem =>
    problem(
      `${admitted} of ${tried} streams at once ${admitted === 1 ? 'is' : 'are'} admitted`,
      'Speakers of all meetings take turns then, and captions of people who talk at the same time are late. A larger plan with the speech engine admits more; other programs that use the same key count too.',
    ),
  refused: (status: number | null, reason: string): Problem =>
    problem(
      `no stream can be opened: ${withoutStop(reason)}${status === null ? '' : ` (${status})`}`,
      'Meetings have no captions then. Check DEEPGRAM_URL, whether the plan includes nova-3 for live audio, and whether a proxy on the way lets WebSockets through.',
    ),
} as const;

/** With `--try`; what it finds in Slack is said in the bot's own sentences. */
export const TRIAL = {
  notConfigured: problem(
    'there is no Slack to try anything in',
    'Set SLACK_BOT_TOKEN and what belongs to it.',
  ),
} as const;

const CONSOLE = 'console.twilio.com';

export const PHONES = {
  off: 'not set up: calls and dial-in need the TWILIO variables',
  unreachable: (reason: string): Problem =>
    problem(
      withoutStop(reason),
      `Check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_URL with ${CONSOLE} > Account Info.`,
    ),
  accountActive: 'Twilio accepts the credentials',
  accountClosed: (status: string): Problem =>
    problem(
      `the account is ${status}, so no calls are possible`,
      `${CONSOLE} says why; most often its credit has run out.`,
    ),
  trial: problem(
    'the account is a trial: Twilio leaves audio and recording out of its calls, so Parley can make none',
    `Upgrade the account (${CONSOLE} > Billing), then run the doctor again.`,
  ),
  numberOk: (number: string): string => `${number} belongs to the account, and has voice`,
  numberForeign: (number: string): Problem =>
    problem(
      `${number} does not belong to the account`,
      `Set TWILIO_NUMBER to one of ${CONSOLE} > Phone Numbers > Active numbers. A verified caller ID cannot be called back.`,
    ),
  numberWithoutVoice: (number: string): Problem =>
    problem(`${number} has no voice`, 'Buy a number with the Voice capability, or use another one.'),
  dialInOk: (number: string): string => `callers of ${number} are asked for a PIN`,
  dialInOff: (number: string, leadsTo: string, webhookUrl: string): Problem =>
    problem(
      `no one can dial in: “A call comes in” of ${number} leads to ${leadsTo}`,
      `Set it to Webhook, ${webhookUrl}, HTTP POST (${CONSOLE} > Phone Numbers > Active numbers). Outgoing calls work without it.`,
    ),
  leadsToNothing: 'no webhook',
  leadsHereBy: (method: string): string => `this Parley, but by ${method}`,
  leadsElsewhere: 'another address than this Parley’s',
  noAddress: (variable: 'PUBLIC_URL' | 'NODE_URL', reason: string): Problem =>
    problem(
      `no calls are possible: ${variable} ${reason}`,
      variable === 'PUBLIC_URL'
        ? 'Set it to the https address at which Twilio reaches Parley.'
        : 'Set it to the https address at which Twilio reaches this instance.',
    ),
  urlNotSet: 'is not set',
  urlNotHttps: (url: string): string => `(${url}) is not https`,
  urlLocal: (url: string): string => `(${url}) is this machine, which Twilio cannot reach`,
  urlNotOn443: (url: string): string =>
    `(${url}) has a port, while Twilio sends the audio of phones to port 443 only`,
  countries: (countries: string, defaultCountry: string): string =>
    `calls are allowed to: ${countries}. Country of numbers without a code: ${defaultCountry}`,
} as const;

export const MEDIA_ADDRESS = {
  notNeeded: 'not set: meetings work in browsers on this machine only',
  notSet: problem(
    'not set, so browsers elsewhere do not know where to send audio and video',
    'Set it to the public IP address of this machine, or of the router in front of it.',
  ),
  unknown: (name: string): Problem => problem(`${name} is unknown`, 'Check the name, or use an IP address.'),
  private: (address: string, publicHost: string): Problem =>
    problem(
      `${address} is a private address, while ${publicHost} is public`,
      'Set it to the public IP address that browsers see.',
    ),
  ok: (address: string): string => `browsers send audio and video to ${address}`,
} as const;

export const MEDIA_PORTS = {
  any: 'any free ports, on loopback',
  free: (range: string): string =>
    `${range} are free. Open the link below to test whether browsers reach them`,
  inUse: (range: string): string => `${range} are in use by the running Parley`,
  taken: (ports: string): Problem =>
    problem(
      `not available: ${ports}`,
      'Stop the program that uses them, or choose other ports with MEDIA_PORT. Ports from 1024 need no privileges.',
    ),
} as const;

export const RELAY = {
  off: 'no relay: people on networks that allow only web traffic may not be able to join',
  open: (url: string): Problem =>
    problem(`${url} relays for everyone`, 'Let it require credentials (coturn: use-auth-secret).'),
  ok: (url: string): string => `${url} accepts Parley’s credentials`,
  refused: (url: string, code: number): Problem =>
    problem(
      `${url} refuses Parley’s credentials (${code})`,
      code === 401 || code === 431
        ? 'Set TURN_SECRET to the relay’s static-auth-secret, and check that both clocks agree.'
        : 'See the relay’s log.',
    ),
  silent: (url: string, code: string): Problem =>
    problem(
      `${url} does not respond as a relay (${code})`,
      'Check that the relay runs, its address and port, and that this machine can reach them.',
    ),
} as const;

export const CLOCK = {
  nothingToCompare: 'no other clock to compare it with',
  ok: (other: string): string => `agrees with the clock of ${other}`,
  off: (seconds: number, isAhead: boolean, other: string): string =>
    `${seconds} s ${isAhead ? 'ahead of' : 'behind'} the clock of ${other}`,
  advice: 'Links, signatures and relays then fail. Let the machine set its clock: timedatectl set-ntp true.',
} as const;
