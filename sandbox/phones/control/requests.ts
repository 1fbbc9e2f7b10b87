import { z } from 'zod';
import type { PhoneSetting } from './contract.ts';

/** The requests of `contract.ts`. */

export const phoneNumber = z
  .string()
  .regex(/^\+[1-9]\d{6,14}$/, 'Write the number with its country code, as in +442079460101.');

/** May be grouped by spaces and hyphens. */
const keys = z
  .string()
  .transform((typed) => typed.replace(/[\s-]/g, ''))
  .pipe(z.string().regex(/^[0-9*#]{1,100}$/, 'Keys are 0 to 9, * and #.'));

const delayMs = z.number().int().min(0).max(600_000);

export const phoneSetting: z.ZodType<PhoneSetting> = z.object({
  behaviour: z.discriminatedUnion('type', [
    z.object({ type: z.literal('ring') }),
    z.object({
      type: z.literal('answer'),
      afterMs: delayMs,
      turns: z.array(z.string().min(1)).max(100),
      hangsUp: z.boolean(),
      keys: keys.exactOptional(),
    }),
    z.object({ type: z.literal('busy') }),
    z.object({ type: z.literal('no-answer') }),
    z.object({ type: z.literal('voicemail'), afterMs: delayMs }),
    z.object({ type: z.literal('decline') }),
    z.object({ type: z.literal('unreachable') }),
  ]),
  owner: z.string().min(1).max(200).exactOptional(),
});

export const callRequest = z.object({ to: phoneNumber, keys: keys.exactOptional() });
export const keysRequest = z.object({ keys });
const recordingName = z.string().min(1).max(200);
export const recordingQuery = z.object({ name: recordingName });
export const speakQuery = z.union([z.object({ sample: recordingName }), z.object({ name: recordingName })]);
