import { z } from 'zod';
import { EXPORT_FORMATS, type Job, type JobName } from '../../core/conversation/types.ts';
import type { ConversationId, LegId, MemberId } from '../../core/ids.ts';

/** One queue a name, all of them. */
export const JOB_NAMES = [
  'announce',
  'transcribe',
  'publish',
  'send-privately',
  'share-export',
  'open-meeting',
  'watch-meeting',
  'conclude-meeting',
  'dial-leg',
  'tend-leg',
  'transcribe-call',
] as const satisfies JobName[];

const conversationId = z.string().min(1) as unknown as z.ZodType<ConversationId>;
const memberId = z.string().min(1) as unknown as z.ZodType<MemberId>;
const legId = z.string().min(1) as unknown as z.ZodType<LegId>;
const revision = z.int().nonnegative();

const jobSchema = z.discriminatedUnion('name', [
  z.object({ name: z.literal('announce'), conversationIds: z.array(conversationId) }),
  z.object({ name: z.literal('transcribe'), conversationId }),
  z.object({ name: z.literal('publish'), conversationId, revision }),
  z.object({ name: z.literal('send-privately'), conversationId, revision }),
  z.object({
    name: z.literal('share-export'),
    conversationId,
    format: z.enum(EXPORT_FORMATS),
    revision,
    by: memberId,
  }),
  z.object({ name: z.literal('open-meeting'), conversationId }),
  z.object({ name: z.literal('watch-meeting'), conversationId }),
  z.object({ name: z.literal('conclude-meeting'), conversationId }),
  z.object({ name: z.literal('dial-leg'), legId }),
  z.object({ name: z.literal('tend-leg'), legId }),
  z.object({ name: z.literal('transcribe-call'), conversationId }),
]) satisfies z.ZodType<Job>;

/** What stands in the queue. It outlives the program that wrote it, so it is parsed on the way out. */
export interface Payload {
  readonly job: Job;
  /** Attempts that do not count, because the process stopped in an orderly way in the middle of them. */
  readonly forgiven: number;
}

const payloadSchema: z.ZodType<Payload> = z.object({ job: jobSchema, forgiven: z.int().nonnegative() });

export const newPayload = (job: Job): Payload => ({ job, forgiven: 0 });

/** Null for what this version cannot read. */
export const parsePayload = (data: unknown): Payload | null => payloadSchema.safeParse(data).data ?? null;
