import { countryName, formatNumber } from '../../core/calls/numbers.ts';
import type { DialPlan } from '../../core/calls/types.ts';
import { toAppError } from '../../core/error.ts';
import { type Finding, findings } from '../finding.ts';
import { isLoopback } from './hosts.ts';

/** The telephone network that Parley is to use, and how it is asked. */
export interface TelephonesAsked {
  /** Asks the network about the account and Parley's number. Throws `AppError`. */
  readonly examine: () => Promise<{
    readonly account: 'active' | 'suspended' | 'closed';
    readonly trial: boolean;
    /** Null when the number is none of the account's. */
    readonly number: {
      readonly voice: boolean;
      readonly incoming: { readonly method: string; readonly url: string } | null;
    } | null;
  }>;
  readonly plan: DialPlan;
  readonly publicUrl: string | null;
  /** Whether the network reaches nothing but https, as the vendor does and a stand-in on this machine does not. */
  readonly encrypted: boolean;
  /** Below `publicUrl`: what the number has to ask when somebody rings it. */
  readonly incomingPath: string;
}

type Tell = ReturnType<typeof findings>;
type Known = Awaited<ReturnType<TelephonesAsked['examine']>>;

const CONSOLE = 'console.twilio.com';

/** Whether telephones can be rung and rung back: account, number, addresses, countries. */
export const checkTelephones = async (asked: TelephonesAsked): Promise<readonly Finding[]> => {
  const tell = findings('Telephones');
  const known = await asked.examine().catch((error: unknown) => toAppError(error).userMessage);
  const account =
    typeof known === 'string'
      ? [
          tell.failed(
            known.replace(/\.$/, ''),
            `Check TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_URL with ${CONSOLE} > Account Info.`,
          ),
        ]
      : [...accountFindings(tell, known), ...numberFindings(tell, known.number, asked)];
  return [...account, ...reachFindings(tell, asked), countriesFinding(tell, asked.plan)];
};

const accountFindings = (tell: Tell, { account, trial }: Known): readonly Finding[] => {
  if (account !== 'active') {
    return [
      tell.failed(
        `the account is ${account}, so no telephone can ring`,
        `${CONSOLE} says why; most often its credit has run out.`,
      ),
    ];
  }
  const taken = tell.ok('the network takes the credentials');
  if (!trial) return [taken];
  return [
    taken,
    tell.warning(
      'the account is a trial: it rings verified numbers only, and everybody who answers first hears a notice about that',
      `Verify the numbers you try it with (${CONSOLE} > Phone Numbers > Verified Caller IDs), or upgrade the account.`,
    ),
  ];
};

const numberFindings = (
  tell: Tell,
  number: Known['number'],
  { plan, publicUrl, incomingPath }: TelephonesAsked,
): readonly Finding[] => {
  const shown = formatNumber(plan.callerId);
  if (number === null) {
    return [
      tell.failed(
        `${shown} is no number of the account`,
        `Set TWILIO_NUMBER to one of ${CONSOLE} > Phone Numbers > Active numbers. A verified caller id cannot be rung back.`,
      ),
    ];
  }
  if (!number.voice) {
    return [tell.failed(`${shown} has no voice`, 'Get a number with the capability Voice, or another one.')];
  }
  const ours = tell.ok(`${shown} is a number of the account, with voice`);
  if (publicUrl === null) return [ours];
  const wanted = `${publicUrl}${incomingPath}`;
  const { url, method } = number.incoming ?? { url: null, method: null };
  if (url === wanted && method === 'POST') {
    return [ours, tell.ok(`whoever rings ${shown} is asked for a PIN`)];
  }
  const instead =
    url === null
      ? 'no webhook'
      : url === wanted
        ? `this Parley, but by ${method}`
        : `another address than this Parley’s`;
  return [
    ours,
    tell.warning(
      `nobody can dial in: “A call comes in” of ${shown} leads to ${instead}`,
      `Set it to Webhook, ${wanted}, HTTP POST (${CONSOLE} > Phone Numbers > Active numbers). Calls that Parley makes need none of this.`,
    ),
  ];
};

/** Whether the address answers at all is told by the check of PUBLIC_URL. */
const reachFindings = (tell: Tell, { publicUrl, encrypted }: TelephonesAsked): readonly Finding[] => {
  const why = whyUnreached(publicUrl, encrypted);
  if (why === null) return [];
  return [
    tell.failed(
      `no telephone can ring: ${why}`,
      'Set PUBLIC_URL to the https address at which the network reaches Parley.',
    ),
  ];
};

const whyUnreached = (publicUrl: string | null, encrypted: boolean): string | null => {
  if (publicUrl === null) return 'PUBLIC_URL is not set';
  if (!encrypted) return null;
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol !== 'https:') return `${publicUrl} is not https`;
  return isLoopback(hostname) ? `${publicUrl} is this machine, which the network cannot reach` : null;
};

const countryList = new Intl.ListFormat('en', { type: 'conjunction' });

const countriesFinding = (tell: Tell, { countries, defaultCountry }: DialPlan): Finding =>
  tell.ok(
    `numbers of ${countryList.format(countries.map(countryName))} may be rung; those without a country are taken for numbers of ${countryName(defaultCountry)}`,
  );
