import type { Way } from '../../media/connectivity/messages.ts';

export type CheckName = 'secure' | 'socket' | Way;

/** What one check found, or that it is still to come. */
export type Finding =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'ok' | 'failed' | 'skipped'; readonly said: string };

export type Findings = Readonly<Record<CheckName, Finding>>;

const WAITING: Finding = { state: 'waiting' };
export const NOTHING_YET: Findings = {
  secure: WAITING,
  socket: WAITING,
  udp: WAITING,
  tcp: WAITING,
  relay: WAITING,
};

/** For people, and in the order in which they are checked. */
export const CHECKS: readonly { readonly name: CheckName; readonly title: string }[] = [
  { name: 'secure', title: 'Camera and microphone allowed on this page' },
  { name: 'socket', title: 'Messages to Parley (WebSocket)' },
  { name: 'udp', title: 'Sound and picture, the usual way (UDP)' },
  { name: 'tcp', title: 'Sound and picture, the second way (TCP)' },
  { name: 'relay', title: 'Sound and picture through the relay (TURN)' },
];

export interface Verdict {
  readonly good: 'yes' | 'partly' | 'no';
  readonly headline: string;
  readonly advice: string;
}

const ASK = 'Copy the text below and send it to whoever looks after Parley or your network.';

/** Null while something is still to be found out. */
export const verdictOf = (findings: Findings): Verdict | null => {
  if (CHECKS.some(({ name }) => ['waiting', 'running'].includes(findings[name].state))) return null;
  const ok = (name: CheckName): boolean => findings[name].state === 'ok';
  if (!ok('socket')) {
    return {
      good: 'no',
      headline: 'You cannot take part in meetings from here.',
      advice: `The page loads, but something on the way stops its messages: often a proxy or a firewall. ${ASK}`,
    };
  }
  if (!ok('udp') && !ok('tcp') && !ok('relay')) {
    return {
      good: 'no',
      headline: 'Sound and picture do not get through.',
      advice: `Something on the way stops them: often the firewall of an office, or ports of the server that are not open. Try another network, a telephone’s for example. ${ASK}`,
    };
  }
  if (!ok('secure')) {
    return {
      good: 'partly',
      headline: 'You can see, hear and read along, but not speak.',
      advice: `Browsers give camera and microphone to https pages alone. ${ASK}`,
    };
  }
  if (!ok('udp')) {
    return {
      good: 'partly',
      headline: 'You can take part in meetings, with some delay at times.',
      advice: `The usual way (UDP) is closed here, and the detour stutters when the network is busy. It is worth opening. ${ASK}`,
    };
  }
  if (!ok('tcp') || findings.relay.state === 'failed') {
    return {
      good: 'yes',
      headline: 'You can take part in meetings.',
      advice: `One of the detours for stricter networks does not work. You do not need it here; others may. ${ASK}`,
    };
  }
  return { good: 'yes', headline: 'You can take part in meetings.', advice: 'Everything works from here.' };
};

/** For an administrator: what was found, by which browser, when. Holds no link and no name. */
export const reportOf = (
  findings: Findings,
  about: { readonly host: string; readonly browser: string; readonly at: Date },
): string =>
  [
    `Parley connection test, ${about.at.toISOString()}`,
    `Parley at: ${about.host}`,
    `Browser: ${about.browser}`,
    '',
    ...CHECKS.map(({ name, title }) => {
      const finding = findings[name];
      return `${WORDS[finding.state]}  ${title}${'said' in finding ? `: ${finding.said}` : ''}`;
    }),
  ].join('\n');

const WORDS: Readonly<Record<Finding['state'], string>> = {
  waiting: '…     ',
  running: '…     ',
  ok: 'ok    ',
  failed: 'FAILED',
  skipped: '–     ',
};
