import { z } from 'zod';

/** The requests of `contract.ts`. */

const who = z.string().min(1);
const values = z.record(z.string(), z.record(z.string(), z.unknown()));
const messagePlace = z.object({ channel: z.string().min(1), ts: z.string().min(1) });

export const postRequest = z.object({
  channel: z.string().min(1),
  as: who,
  text: z.string().max(100_000),
  thread_ts: z.string().optional(),
  files: z.array(z.string()).max(10).optional(),
  forwards: messagePlace.optional(),
  app: z.string().min(1).optional(),
});

export const editRequest = messagePlace.extend({ as: who, text: z.string().max(100_000) });
export const deleteRequest = messagePlace.extend({ as: who });

export const commandRequest = z.object({
  channel: z.string().min(1),
  as: who,
  text: z.string().min(1).max(10_000),
  thread_ts: z.string().optional(),
});

export const actionRequest = z.object({
  as: who,
  message: messagePlace.optional(),
  viewId: z.string().optional(),
  home: z.literal(true).optional(),
  action_id: z.string().min(1),
  block_id: z.string().optional(),
  payload: z.record(z.string(), z.unknown()).optional(),
  values: values.optional(),
});

export const shortcutRequest = z.object({
  as: who,
  callback_id: z.string().min(1),
  message: messagePlace.optional(),
});

export const submitRequest = z.object({
  as: who,
  viewId: z.string().min(1),
  values: values.default({}),
  cancel: z.literal(true).optional(),
});

export const optionsRequest = z.object({
  as: who,
  query: z.string().default(''),
  view: z.string(),
  block: z.string(),
  action: z.string(),
});

export const personRequest = z.object({
  name: z.string().regex(/^[a-z0-9._-]+$/),
  realName: who,
  elsewhere: z.enum(['another-workspace', 'another-organization']).optional(),
  isAdmin: z.boolean().optional(),
});

export const memberRequest = z.object({
  channel: z.string().min(1),
  user: z.string().min(1),
  as: who,
  remove: z.literal(true).optional(),
});

export const archiveRequest = z.object({
  channel: z.string().min(1),
  as: who,
  archived: z.boolean(),
});

export const failuresRequest = z.object({ modes: z.array(z.string()) });
export const socketRequest = z.object({ how: z.enum(['refresh', 'drop']) });
export const messagesQuery = z.object({ channel: z.string().min(1), thread: z.string().optional() });
/** The person who acts. */
export const actorQuery = z.object({ as: who });
export const fileQuery = z.object({ name: z.string().min(1).max(1000), as: who });

const shortcuts = z.array(z.object({ callbackId: z.string(), name: z.string() }));

export const appChange = z.object({
  requestUrl: z.url().nullable().optional(),
  signingSecret: z.string().min(1).optional(),
  commands: z
    .array(
      z.object({
        command: z.string().regex(/^\/\S+$/),
        description: z.string(),
        usageHint: z.string(),
        shouldEscape: z.boolean().optional(),
      }),
    )
    .optional(),
  messageShortcuts: shortcuts.optional(),
  globalShortcuts: shortcuts.optional(),
  events: z.array(z.string()).optional(),
  scopes: z.array(z.string()).optional(),
  retryScale: z.number().min(0).max(1).optional(),
  enforceLimits: z.boolean().optional(),
});
