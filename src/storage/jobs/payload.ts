import { z } from 'zod';
import { EXPORT_FORMATS, type Job, type JobName } from '../../core/conversation/types.ts';
import type { ConversationId, LegId, MemberId } from '../../core/ids.ts';
import { id } from '../stored.ts';
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

const conversationId = id<ConversationId>();
const memberId = id<MemberId>();
const legId = id<LegId>();
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

const jobSchema = z
  .looseObject({ name: z.string().transform((name) => fromStoredName('job', name)) })
  .pipe(jobVariants);

/** The queue that holds the jobs of one name. */
export const queueOf = (name: JobName): string => toStoredName('job', name);

/** What is stored in the queue. It outlives the process that wrote it, so it is parsed when it is read. */
export interface Payload {
  readonly job: Job;
  /** Attempts that do not count, because the process was stopped during them. */
  readonly forgiven: number;
}

const payloadSchema: z.ZodType<Payload> = z.object({ job: jobSchema, forgiven: z.int().nonnegative() });

/** As it is stored. */
export const toStoredPayload = ({ job, forgiven }: Payload) => ({
  job: { ...job, name: queueOf(job.name) },
  forgiven,
});

/** Null for a payload of another version. */
export const parsePayload = (data: unknown): Payload | null => payloadSchema.safeParse(data).data ?? null;
