import { z } from 'zod';
import { callSid, recordingSid } from './sids.ts';
import { callStatus } from './status.ts';

/** What the network posts. Only what is used is named; the signature covers the rest. */
const whole = z.coerce.number().int().min(0).max(1_000_000).nullish().catch(null);

export const callForm = z.object({ CallSid: callSid });
export const statusForm = callForm.extend({
  CallStatus: callStatus,
  SipResponseCode: whole,
  ErrorCode: whole,
});
export const machineForm = callForm.extend({ AnsweredBy: z.string().max(64) });
export const recordingForm = callForm.extend({
  RecordingSid: recordingSid,
  RecordingStatus: z.string().max(64),
});
export const keyForm = callForm.extend({ Digits: z.string().regex(/^[0-9*#]$/) });
/** Whoever hides their number is `anonymous` or a number that spells it. */
export const incomingForm = callForm.extend({ From: z.string().max(128).default('') });
/** Nothing entered is an answer, too. */
export const pinForm = incomingForm.extend({
  Digits: z
    .string()
    .regex(/^[0-9*#]{0,32}$/)
    .default(''),
});

export const attempts = z.coerce.number().int().min(1).max(1000);
/** Not in the address of a telephone that did not wait. */
export const waits = z.coerce.number().int().min(1).max(1000).default(0);
