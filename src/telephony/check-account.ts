import { z } from 'zod';
import type { PhoneNumber } from '../core/ids.ts';
import type { Clock, Log } from '../core/ports.ts';
import { PhoneFault, toPhoneError } from './errors.ts';
import { createRest, VENDOR_URL } from './rest.ts';
import { PATHS } from './urls.ts';

/** An account of the network and one of its numbers. */
export interface TelephonyCheck {
  readonly account: 'active' | 'suspended' | 'closed';
  /** Calls verified numbers only, and has neither Media Streams nor recordings. */
  readonly trial: boolean;
  /** Null when the number is none of the account's. */
  readonly number: {
    /** Whether it can be used for calls. */
    readonly voice: boolean;
    /** The webhook of incoming calls; null when there is none, or another service takes them. */
    readonly incoming: { readonly method: string; readonly url: string } | null;
  } | null;
}

/** Below the public URL: the webhook that the number needs for people to dial in, by POST. */
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

/** The network lists every number that contains these digits. */
const MAX_LISTED = 50;

/**
 * Fetches the account and the number of Parley. Calls no one and changes nothing.
 * @throws AppError when the network refuses the credentials, cannot be reached or responds with something unexpected
 * @see https://www.twilio.com/docs/iam/api/account
 * @see https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
 */
export const checkTelephony = async (options: {
  readonly accountSid: string;
  readonly authToken: string;
  readonly number: PhoneNumber;
  /** Null for the vendor's own. */
  readonly apiUrl: string | null;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly log: Log;
}): Promise<TelephonyCheck> => {
  const { accountSid, number } = options;
  const rest = createRest({ ...options, apiUrl: options.apiUrl ?? VENDOR_URL });
  try {
    const { status, type } = parseResource(
      accountResource,
      await rest.idempotent(() => rest.client.api.v2010.accounts(accountSid).fetch()),
    );
    const listed = await rest.idempotent(() =>
      rest.client.incomingPhoneNumbers.list({ phoneNumber: number, limit: MAX_LISTED }),
    );
    const ours = listed
      .map((resource) => parseResource(numberResource, resource))
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
  // An application or a trunk takes calls in place of the URL, which may be set all the same.
  incoming:
    voiceApplicationSid || trunkSid || !voiceUrl ? null : { method: voiceMethod ?? 'POST', url: voiceUrl },
});

const parseResource = <T>(schema: z.ZodType<T>, resource: unknown): T => {
  const parsed = schema.safeParse(resource);
  if (!parsed.success) throw toPhoneError(new PhoneFault(200, 'UNREADABLE'));
  return parsed.data;
};
