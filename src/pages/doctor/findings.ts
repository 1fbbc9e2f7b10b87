import type { Way } from '../../media/connectivity/messages.ts';
import { CHECK_TITLES, REPORT, VERDICTS, type Verdict } from './sentences.ts';

export type CheckName = 'secure' | 'socket' | Way;

export type Finding =
  | { readonly state: 'waiting' | 'running' }
  | { readonly state: 'ok' | 'failed' | 'skipped'; readonly detail: string };

export type Findings = Readonly<Record<CheckName, Finding>>;

const WAITING: Finding = { state: 'waiting' };
export const NO_FINDINGS: Findings = {
  secure: WAITING,
  socket: WAITING,
  udp: WAITING,
  tcp: WAITING,
  relay: WAITING,
};

/** In the order in which they run. */
export const CHECKS: readonly CheckName[] = ['secure', 'socket', 'udp', 'tcp', 'relay'];

/** Null while a check is outstanding. */
export const decideVerdict = (findings: Findings): Verdict | null => {
  const states = CHECKS.map((name) => findings[name].state);
  if (states.includes('waiting') || states.includes('running')) return null;
  const isOk = (name: CheckName): boolean => findings[name].state === 'ok';
  if (!isOk('socket')) return VERDICTS.noSocket;
  if (!isOk('udp') && !isOk('tcp') && !isOk('relay')) return VERDICTS.noMedia;
  if (!isOk('secure')) return VERDICTS.insecure;
  if (!isOk('udp')) return VERDICTS.noUdp;
  // A relay that is not set up is skipped, which is no fault.
  if (!isOk('tcp') || findings.relay.state === 'failed') return VERDICTS.fallbackFailed;
  return VERDICTS.allGood;
};

/** For an admin, to be copied. Holds no link and no name. */
export const buildReport = (
  findings: Findings,
  about: { readonly host: string; readonly browser: string; readonly at: Date },
): string =>
  [
    REPORT.title(about.at),
    REPORT.server(about.host),
    REPORT.browser(about.browser),
    '',
    ...CHECKS.map((name) => {
      const finding = findings[name];
      const detail = 'detail' in finding ? `: ${finding.detail}` : '';
      return `${REPORT.states[finding.state]}  ${CHECK_TITLES[name]}${detail}`;
    }),
  ].join('\n');
