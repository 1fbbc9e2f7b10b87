import { z } from 'zod';
import { EXPORT_FORMATS, type Job, type JobName } from '../../core/conversation/types.ts';
import type { ConversationId, LegId, MemberId } from '../../core/ids.ts';
import { fromStoredName, toStoredName } from '../stored-names.ts';

/** All of them. */
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
  'reconcile-leg',
  'transcribe-call',
] as const satisfies JobName[];

const conversationId = z.string().min(1) as unknown as z.ZodType<ConversationId>;
const memberId = z.string().min(1) as unknown as z.ZodType<MemberId>;
const legId = z.string().min(1) as unknown as z.ZodType<LegId>;
const revision = z.int().nonnegative();

const jobVariants = z.discriminatedUnion('name', [
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
  z.object({ name: z.literal('reconcile-leg'), legId }),
  z.object({ name: z.literal('transcribe-call'), conversationId }),
]) satisfies z.ZodType<Job>;

const jobSchema = z.preprocess((job: unknown) => {
  const stored = z.looseObject({ name: z.string() }).safeParse(job).data;
  return stored === undefined ? job : { ...stored, name: fromStoredName('job', stored.name) };
}, jobVariants);

/** The queue that holds the jobs of one name. */
export const queueOf = (name: JobName): string => toStoredName('job', name);

/** What stands in the queue. It outlives the program that wrote it, so it is parsed on the way out. */
export interface Payload {
  readonly job: Job;
  /** Attempts that do not count, because the process stopped in an orderly way in the middle of them. */
  readonly forgiven: number;
}

const payloadSchema: z.ZodType<Payload> = z.object({ job: jobSchema, forgiven: z.int().nonnegative() });

/** As it is stored. */
export const toStoredPayload = ({ job, forgiven }: Payload) => ({
  job: { ...job, name: queueOf(job.name) },
  forgiven,
});

/** Null for what this version cannot read. */
export const parsePayload = (data: unknown): Payload | null => payloadSchema.safeParse(data).data ?? null;
