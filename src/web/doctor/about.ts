import { z } from 'zod';

/** What a running Parley tells the doctor, who has its secret. */
export const about = z.object({
  parley: z.literal(true),
  nowMs: z.number(),
  /** Why no meetings can be held, as a sentence; null when they can. */
  meetingsMissing: z.string().nullable(),
});
export type About = z.output<typeof about>;
