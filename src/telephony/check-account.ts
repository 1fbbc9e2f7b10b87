import { z } from 'zod';
import type { PhoneNumber } from '../core/ids.ts';
import type { Log } from '../core/ports.ts';
import { PATHS } from './addresses.ts';
import { PhoneFault, toPhoneError } from './errors.ts';
import { createRest, VENDOR_URL } from './rest.ts';

/** What the network says about an account and one of its numbers. */
export interface TelephonyCheck {
  readonly account: 'active' | 'suspended' | 'closed';
  /** Rings numbers only that its owner verified, and says so to everybody who answers. */
  readonly trial: boolean;
  /** Null when the number is none of the account's. */
  readonly number: {
    /** Whether it may be used for calls at all. */
    readonly voice: boolean;
    /** What is asked when somebody rings it; null when that is another service than a webhook, or none. */
    readonly incoming: { readonly method: string; readonly url: string } | null;
  } | null;
}

/** Below the public address: where the number has to lead for people to dial in, by POST. */
export const INCOMING_PATH = PATHS.incoming;

const accountResource = z.object({
  status: z.enum(['active', 'suspended', 'closed']),
  type: z.string(),
});
const text = z.string().nullish();
const numberResource = z.object({
  phoneNumber: z.string(),
  capabilities: z.object({ voice: z.boolean() }),
  voiceUrl: text,
  voiceMethod: text,
  voiceApplicationSid: text,
  trunkSid: text,
});

/** The network answers with every number that holds these digits. */
const MOST_ALIKE = 50;

/**
 * Asks the network about the account and the number of Parley. Rings nobody and changes nothing.
 * @throws {AppError} when it refuses the credentials, cannot be reached or answers what nobody understands
 * @see https://www.twilio.com/docs/iam/api/account
 * @see https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export const checkTelephony = async (options: {
  readonly accountSid: string;
  readonly authToken: string;
  readonly number: PhoneNumber;
  /** Null for the vendor's own. */
  readonly apiUrl: string | null;
  readonly firstWaitMs?: number;
  readonly log: Log;
}): Promise<TelephonyCheck> => {
  const { accountSid, number } = options;
  const rest = createRest({ ...options, apiUrl: options.apiUrl ?? VENDOR_URL });
  try {
    const { status, type } = understood(
      accountResource,
      await rest.idempotent(() => rest.client.api.v2010.accounts(accountSid).fetch()),
    );
    const alike = await rest.idempotent(() =>
      rest.client.incomingPhoneNumbers.list({ phoneNumber: number, limit: MOST_ALIKE }),
    );
    const ours = alike
      .map((each) => understood(numberResource, each))
      .find(({ phoneNumber }) => phoneNumber === number);
    return { account: status, trial: type === 'Trial', number: ours === undefined ? null : numberOf(ours) };
  } finally {
    rest.close();
  }
};

const numberOf = ({
  capabilities,
  voiceUrl,
  voiceMethod,
  voiceApplicationSid,
  trunkSid,
}: z.infer<typeof numberResource>): NonNullable<TelephonyCheck['number']> => ({
  voice: capabilities.voice,
  // An application or a trunk answers in place of the address, which may stand there all the same.
  incoming:
    voiceApplicationSid || trunkSid || !voiceUrl ? null : { method: voiceMethod ?? 'POST', url: voiceUrl },
});

const understood = <T>(schema: z.ZodType<T>, resource: unknown): T => {
  const parsed = schema.safeParse(resource);
  if (!parsed.success) throw toPhoneError(new PhoneFault(200, 'UNREADABLE'));
  return parsed.data;
};
