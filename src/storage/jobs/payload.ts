import { z } from 'zod';
import { EXPORT_FORMATS, type Job, type JobName } from '../../core/conversation/types.ts';
import type { ChannelId, ConversationId, FileId, LegId, MemberId, WorkspaceId } from '../../core/ids.ts';
import { id } from '../stored.ts';
import { fromStoredName, toStoredName } from '../stored-names.ts';

const conversationId = id<ConversationId>();
const memberId = id<MemberId>();
const legId = id<LegId>();
const revision = z.int().nonnegative();

/** How each job is stored; the compiler asks for a new one here. */
const JOB_SCHEMAS = {
  announce: z.object({ name: z.literal('announce'), conversationIds: z.array(conversationId) }),
  transcribe: z.object({ name: z.literal('transcribe'), conversationId }),
  withdraw: z.object({ name: z.literal('withdraw'), conversationId }),
  'take-shared-file': z.object({
    name: z.literal('take-shared-file'),
    workspaceId: id<WorkspaceId>(),
    channelId: id<ChannelId>(),
    fileId: id<FileId>(),
  }),
  publish: z.object({ name: z.literal('publish'), conversationId, revision }),
  'send-privately': z.object({ name: z.literal('send-privately'), conversationId, revision }),
  'share-export': z.object({
    name: z.literal('share-export'),
    conversationId,
    format: z.enum(EXPORT_FORMATS),
    revision,
    by: memberId,
  }),
  'send-export': z.object({
    name: z.literal('send-export'),
    conversationId,
    format: z.enum(EXPORT_FORMATS),
    revision,
    to: memberId,
  }),
  'open-meeting': z.object({ name: z.literal('open-meeting'), conversationId }),
  'watch-meeting': z.object({ name: z.literal('watch-meeting'), conversationId }),
  'conclude-meeting': z.object({ name: z.literal('conclude-meeting'), conversationId }),
  'dial-leg': z.object({ name: z.literal('dial-leg'), legId }),
  'reconcile-leg': z.object({ name: z.literal('reconcile-leg'), legId }),
  'transcribe-call': z.object({ name: z.literal('transcribe-call'), conversationId }),
} satisfies { readonly [Name in JobName]: z.ZodType<Extract<Job, { name: Name }>> };

/** Every job's name. */
export const JOB_NAMES = Object.keys(JOB_SCHEMAS) as JobName[];

const jobSchema = z
  .looseObject({ name: z.string().transform((name) => fromStoredName('job', name)) })
  .pipe(z.union(Object.values(JOB_SCHEMAS)));

/** The queue that holds the jobs of one name. */
export const queueOf = (name: JobName): string => toStoredName('job', name);

/** What is stored in the queue. It outlives the process that wrote it, so it is parsed when it is read. */
export interface Payload {
  readonly job: Job;
  /** Attempts that do not count, because the process was stopped during them. */
  readonly forgiven: number;
  /** How many processes were killed while they had the job in hand, since it last had an outcome. */
  readonly kills: number;
  /** Claims that `forgiven` and `kills` take into account; null in what an earlier version stored. */
  readonly counted: number | null;
}

const payloadSchema: z.ZodType<Payload> = z.object({
  job: jobSchema,
  forgiven: z.int().nonnegative(),
  kills: z.int().nonnegative().default(0),
  counted: z.int().nonnegative().nullable().default(null),
});

/** As it is stored. */
export const toStoredPayload = ({ job, ...counts }: Payload) => ({
  job: { ...job, name: queueOf(job.name) },
  ...counts,
});

/** Null for a payload of another version. */
export const parsePayload = (data: unknown): Payload | null => payloadSchema.safeParse(data).data ?? null;
