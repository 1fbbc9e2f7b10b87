import { z } from 'zod';

/** The network's ids: two letters for the kind, and 32 more. They become parts of paths, so nothing else may pass. */
export const callSid = z.string().regex(/^CA[0-9a-zA-Z]{32}$/);
export const recordingSid = z.string().regex(/^RE[0-9a-zA-Z]{32}$/);
/** Ours, as it comes back in a URL. */
export const legId = z.string().regex(/^[\w-]{1,64}$/);

/** `initiated` comes in callbacks only; some of them call `in-progress` `answered`. */
export const callStatus = z.enum([
  'queued',
  'initiated',
  'ringing',
  'in-progress',
  'answered',
  'completed',
  'busy',
  'no-answer',
  'canceled',
  'failed',
]);
export type CallStatus = z.infer<typeof callStatus>;

// The parameters of webhooks. Only those in use are named; the signature covers the rest.

const count = z.coerce.number().int().min(0).max(1_000_000).nullish().catch(null);

export const callForm = z.object({ CallSid: callSid });
export const statusForm = callForm.extend({
  CallStatus: callStatus,
  SipResponseCode: count,
  ErrorCode: count,
});
export const machineForm = callForm.extend({ AnsweredBy: z.string().max(64) });
export const recordingForm = callForm.extend({
  RecordingSid: recordingSid,
  RecordingStatus: z.string().max(64),
});
export const streamForm = callForm.extend({
  StreamEvent: z.string().max(64),
  StreamError: z.string().max(2_000).default(''),
});
export const keyForm = callForm.extend({ Digits: z.string().regex(/^[0-9*#]$/) });
/** A caller who withholds the number is `anonymous`, or a number that spells it. */
export const incomingForm = callForm.extend({ From: z.string().max(128).default('') });
/** A PIN may be empty. */
export const pinForm = incomingForm.extend({
  Digits: z
    .string()
    .regex(/^[0-9*#]{0,32}$/)
    .default(''),
});

/** The attempt at the end of a URL. */
export const attempt = z.coerce.number().int().min(1).max(1000);
/** At the end of a URL; absent while there were none. */
export const optionalCount = z.coerce.number().int().min(0).max(1000).default(0);
