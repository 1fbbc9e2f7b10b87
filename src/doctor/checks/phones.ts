import { countryName, formatNumber } from '../../core/calls/numbers.ts';
import type { DialPlan } from '../../core/calls/types.ts';
import { toAppError } from '../../core/error.ts';
import { type Finding, type Findings, findings } from '../finding.ts';
import { PHONES } from '../sentences.ts';
import { isLoopback } from './hosts.ts';

/** The phone provider that Parley is to use. */
export interface PhoneSettings {
  /** Asks the provider about the account and Parley's number. Throws `AppError`. */
  readonly checkAccount: () => Promise<{
    readonly account: 'active' | 'suspended' | 'closed';
    readonly trial: boolean;
    /** Null when the account does not have the number. */
    readonly number: {
      readonly voice: boolean;
      readonly incoming: { readonly method: string; readonly url: string } | null;
    } | null;
  }>;
  readonly plan: DialPlan;
  readonly publicUrl: string | null;
  /** Where the provider reaches this instance for the audio of phones; null where that is `publicUrl`. */
  readonly nodeUrl: string | null;
  /** Whether the provider reaches https only, as Twilio does and a simulated one on this machine does not. */
  readonly encrypted: boolean;
  /** Below `publicUrl`: the webhook of incoming calls. */
  readonly incomingPath: string;
}

type Account = Awaited<ReturnType<PhoneSettings['checkAccount']>>;

/** Whether phones can be called and can call: account, number, addresses, countries. */
export const checkPhones = async (settings: PhoneSettings): Promise<readonly Finding[]> => {
  const result = findings('Phones');
  const account = await settings
    .checkAccount()
    .then((known) => [...checkAccount(result, known), ...checkNumber(result, known.number, settings)])
    .catch((error: unknown) => [result.failed(PHONES.unreachable(toAppError(error).userMessage))]);
  return [...account, ...checkUrls(result, settings), checkCountries(result, settings.plan)];
};

const checkAccount = (result: Findings, { account, trial }: Account): readonly Finding[] => {
  if (account !== 'active') return [result.failed(PHONES.accountClosed(account))];
  const active = result.ok(PHONES.accountActive);
  return trial ? [active, result.failed(PHONES.trial)] : [active];
};

const checkNumber = (
  result: Findings,
  number: Account['number'],
  { plan, publicUrl, incomingPath }: PhoneSettings,
): readonly Finding[] => {
  const shown = formatNumber(plan.callerId);
  if (number === null) return [result.failed(PHONES.numberForeign(shown))];
  if (!number.voice) return [result.failed(PHONES.numberWithoutVoice(shown))];
  const ours = result.ok(PHONES.numberOk(shown));
  if (publicUrl === null) return [ours];
  const webhookUrl = `${publicUrl}${incomingPath}`;
  const { incoming } = number;
  if (incoming?.url === webhookUrl && incoming.method === 'POST') {
    return [ours, result.ok(PHONES.dialInOk(shown))];
  }
  const leadsTo =
    incoming === null
      ? PHONES.leadsToNothing
      : incoming.url === webhookUrl
        ? PHONES.leadsHereBy(incoming.method)
        : PHONES.leadsElsewhere;
  return [ours, result.warning(PHONES.dialInOff(shown, leadsTo, webhookUrl))];
};

/** Whether the address responds at all is for the check of PUBLIC_URL. */
const checkUrls = (
  result: Findings,
  { publicUrl, nodeUrl, encrypted }: PhoneSettings,
): readonly Finding[] => {
  const ofPublicUrl = unreachableReason(publicUrl, encrypted);
  if (ofPublicUrl !== null) return [result.failed(PHONES.noAddress('PUBLIC_URL', ofPublicUrl))];
  const ofNodeUrl = nodeUrl === null ? null : unreachableReason(nodeUrl, encrypted);
  return ofNodeUrl === null ? [] : [result.failed(PHONES.noAddress('NODE_URL', ofNodeUrl))];
};

const unreachableReason = (url: string | null, encrypted: boolean): string | null => {
  if (url === null) return PHONES.urlNotSet;
  if (!encrypted) return null;
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return PHONES.urlNotHttps(url);
  if (isLoopback(hostname)) return PHONES.urlLocal(url);
  return port === '' ? null : PHONES.urlNotOn443(url);
};

const countryList = new Intl.ListFormat('en', { type: 'conjunction' });

const checkCountries = (result: Findings, { countries, defaultCountry }: DialPlan): Finding =>
  result.ok(PHONES.countries(countryList.format(countries.map(countryName)), countryName(defaultCountry)));
