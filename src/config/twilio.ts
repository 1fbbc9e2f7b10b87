import { z } from 'zod';
import { isE164Number } from '../core/calls/numbers.ts';
import { address, type Problem, prefixed, type Values } from './fields.ts';

const E164 = /^\+[1-9]\d{6,14}$/;

export const TWILIO_VARIABLES = {
  TWILIO_ACCOUNT_SID: prefixed('AC', 'console.twilio.com > Account Info').optional(),
  TWILIO_AUTH_TOKEN: z
    .string()
    .min(8, { error: 'is too short (console.twilio.com > Account Info)' })
    .optional(),
  TWILIO_NUMBER: z
    .string()
    .regex(E164, { error: 'must be a number like +442079460000, without spaces' })
    .refine((number) => !E164.test(number) || isE164Number(number), {
      error: 'is not a valid phone number: check it and its country code',
    })
    .optional(),
  TWILIO_URL: address('the Twilio API, or a regional edge').optional(),
} as const;

type TwilioValues = Values<typeof TWILIO_VARIABLES>;

export interface TelephonyConfig {
  readonly accountSid: string;
  readonly authToken: string;
  /** E.164: the caller id of outgoing calls, and the number to dial in. */
  readonly number: string;
  /** Null: Twilio's own. */
  readonly apiUrl: string | null;
}

const ACCOUNT = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_NUMBER'] as const;

export const twilioProblems = (values: TwilioValues): Problem[] => {
  const given = [...ACCOUNT, 'TWILIO_URL' as const].find((variable) => values[variable] !== undefined);
  return ACCOUNT.filter((variable) => given !== undefined && values[variable] === undefined).map(
    (variable) => ({ variable, message: `is needed when ${given} is set` }),
  );
};

/** Null without an account. */
export const twilioConfig = ({
  TWILIO_ACCOUNT_SID: accountSid,
  TWILIO_AUTH_TOKEN: authToken,
  TWILIO_NUMBER: number,
  TWILIO_URL: apiUrl,
}: TwilioValues): TelephonyConfig | null =>
  accountSid === undefined || authToken === undefined || number === undefined
    ? null
    : { accountSid, authToken, number, apiUrl: apiUrl ?? null };
