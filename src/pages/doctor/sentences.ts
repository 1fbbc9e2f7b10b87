/** Everything that people read on the connection test's page. */
export const PAGE = {
  title: 'Test your connection',
  intro:
    'Parley sends a quiet test tone to the server and back, over every route that a meeting can use. It takes up to a minute, needs no camera or microphone, and stores nothing.',
  start: 'Start test',
  running: 'Testing…',
  again: 'Test again',
  checks: 'Checks',
  report: 'For your Parley admin',
  copy: 'Copy report',
  copied: 'Copied',
} as const;

export const CHECK_TITLES = {
  secure: 'Camera and microphone access',
  socket: 'Connection to Parley (WebSocket)',
  udp: 'Audio and video over UDP',
  tcp: 'Audio and video over TCP',
  relay: 'Audio and video over the relay (TURN)',
} as const;

export const RESULTS = {
  waiting: '',
  running: 'Testing…',
  ok: (detail: string): string => `Works: ${detail}`,
  failed: (detail: string): string => `Failed: ${detail}`,
  skipped: (detail: string): string => `Skipped: ${detail}`,
} as const;

export const DETAILS = {
  secure: 'the page is secure, and the browser has WebRTC',
  insecurePage: 'this page is not https',
  noMediaDevices: 'this browser has no media devices',
  noWebRtc: 'this browser has no WebRTC',
  responseTime: (ms: number): string => `responds in ${ms} ms`,
  notOffered: 'not set up on this server',
  needsSocket: 'needs the WebSocket connection',
  lostAfterOpening: (reason: string): string => `opened, then: ${reason}`,
  closed: (code: number, reason: string): string => `closed (${code}${reason === '' ? '' : `: ${reason}`})`,
  noResponse: 'no response in time',
  noPath: (seconds: number): string => `no path found in ${seconds} s`,
  nothingArrived: 'a path was found, but no audio arrived at the server',
  nothingReturned: 'audio arrived at the server, but none came back',
  unknownPath: 'audio went both ways, but the browser does not report the path',
  relayError: (code: number, text: string): string => `; the relay answered ${code} ${text}`.trimEnd(),
  roundTrip: (ms: number): string => `round trip ${ms} ms`,
  bytes: (sent: number, returned: number): string => `${sent} bytes of audio there, ${returned} back`,
  server: (address: string, relayProtocol: string | null): string =>
    `server ${address}${relayProtocol === null ? '' : `, relay over ${relayProtocol}`}`,
  otherRoute: (used: string, facts: string): string => `used ${used} instead; ${facts}`,
} as const satisfies Record<string, string | ((...values: never[]) => string)>;

export interface Verdict {
  readonly outcome: 'good' | 'limited' | 'bad';
  readonly headline: string;
  readonly advice: string;
}

const SEND_REPORT = 'Copy the report below and send it to your Parley admin or network team.';

export const VERDICTS = {
  allGood: {
    outcome: 'good',
    headline: 'You’re ready for meetings.',
    advice: 'Everything works from here.',
  },
  fallbackFailed: {
    outcome: 'good',
    headline: 'You’re ready for meetings.',
    advice: `One fallback for stricter networks doesn’t work. You don’t need it here, but others may. ${SEND_REPORT}`,
  },
  noUdp: {
    outcome: 'limited',
    headline: 'Meetings work, but may be choppy.',
    advice: `UDP is blocked here, and the fallback is slower on a busy network. ${SEND_REPORT}`,
  },
  insecure: {
    outcome: 'limited',
    headline: 'You can watch, listen and read captions, but not speak.',
    advice: `Browsers allow cameras and microphones only on https:// pages. ${SEND_REPORT}`,
  },
  noMedia: {
    outcome: 'bad',
    headline: 'Audio and video don’t get through.',
    advice: `A firewall may be blocking them, or the server’s ports aren’t open. Try another network, such as your phone’s. ${SEND_REPORT}`,
  },
  noSocket: {
    outcome: 'bad',
    headline: 'Meetings don’t work from here.',
    advice: `The page loads, but a proxy or firewall may be blocking its WebSocket connection. ${SEND_REPORT}`,
  },
} as const satisfies Record<string, Verdict>;

export const REPORT = {
  title: (at: Date): string => `Parley connection test, ${at.toISOString()}`,
  server: (host: string): string => `Server: ${host}`,
  browser: (userAgent: string): string => `Browser: ${userAgent}`,
  states: {
    waiting: '…      ',
    running: '…      ',
    ok: 'ok     ',
    failed: 'FAILED ',
    skipped: 'skipped',
  },
} as const;
