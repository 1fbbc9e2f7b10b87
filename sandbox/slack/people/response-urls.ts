import type { RequestHandler } from 'express';
import { z } from 'zod';
import { parseMessageBlocks } from '../blocks/check.ts';
import { SlackError } from '../errors.ts';
import { newSecret } from '../ids.ts';
import { deleteMessage, editMessage, postEphemeral, postMessage } from '../posting.ts';
import type { ResponseUrl } from '../store/settings.ts';
import { normalizeText } from '../text.ts';
import type { Message } from '../types.ts';
import type { Workspace } from '../workspace.ts';

/** @see https://docs.slack.dev/interactivity/handling-user-interaction#message_responses */
const MAX_USES = 5;
const LIFE_MS = 30 * 60_000;

const answer = z.object({
  text: z.string().optional(),
  blocks: z.unknown().optional(),
  response_type: z.enum(['in_channel', 'ephemeral']).optional(),
  replace_original: z.union([z.boolean(), z.stringbool()]).optional(),
  delete_original: z.union([z.boolean(), z.stringbool()]).optional(),
  thread_ts: z.string().optional(),
});
type Answer = z.infer<typeof answer>;

/** A `response_url` for a person's action. `message` is the one it may replace. */
export const createResponseUrl = (
  workspace: Workspace,
  place: { channel: string; user: string; message?: Message; threadTs?: string },
): string => {
  const id = newSecret();
  workspace.store.settings.saveResponseUrl({
    id,
    uses: 0,
    expiresMs: workspace.nowMs() + LIFE_MS,
    channel: place.channel,
    user: place.user,
    ...(place.message === undefined ? {} : { messageTs: place.message.ts }),
    ...(place.threadTs === undefined ? {} : { threadTs: place.threadTs }),
  });
  return `${workspace.url()}/actions/${workspace.team().id}/${id}`;
};

/** `POST /actions/T1/ID`: a response URL. */
export const createResponseUrlHandler =
  (workspace: Workspace): RequestHandler<{ id: string }> =>
  (request, response) => {
    const { settings } = workspace.store;
    const url = settings.responseUrl(request.params.id);
    if (url === null || url.expiresMs < workspace.nowMs()) {
      response.status(404).json({ ok: false, error: 'expired_url' });
      return;
    }
    if (url.uses >= MAX_USES) {
      response.status(404).json({ ok: false, error: 'used_url' });
      return;
    }
    const parsed = answer.safeParse(request.body);
    if (!parsed.success) {
      response.status(400).json({ ok: false, error: 'invalid_payload' });
      return;
    }
    settings.saveResponseUrl({ ...url, uses: url.uses + 1 });
    try {
      applyAnswer(workspace, url, parsed.data);
      response.json({ ok: true });
    } catch (error) {
      if (!(error instanceof SlackError)) throw error;
      response.status(error.code === 'no_text' ? 400 : 200).json({
        ok: false,
        error: error.code,
        ...error.details,
      });
    }
  };

/** Applies a response, from a response URL or from the body of an acknowledgement. */
export const applyAnswer = (
  workspace: Workspace,
  url: Pick<ResponseUrl, 'channel' | 'user' | 'messageTs' | 'threadTs'>,
  given: Answer,
): void => {
  const { messages, files } = workspace.store;
  const original = url.messageTs === undefined ? null : messages.get(url.channel, url.messageTs);
  if (given.delete_original) {
    if (original !== null) deleteMessage(workspace, original);
    return;
  }
  const blocks = given.blocks === undefined ? undefined : parseMessageBlocks(given.blocks, files.get);
  const text = normalizeText(given.text ?? '');
  if (text === '' && (blocks === undefined || blocks.length === 0)) throw new SlackError('no_text');
  if (given.replace_original && original !== null) {
    editMessage(workspace, original, { text, blocks });
    return;
  }
  const { botUserId, botId } = workspace.app();
  const threadTs = given.thread_ts ?? url.threadTs;
  const draft = {
    channel: url.channel,
    user: botUserId,
    botId,
    text,
    ...(blocks === undefined ? {} : { blocks }),
    ...(threadTs === undefined ? {} : { threadTs }),
  };
  if (given.response_type === 'in_channel') postMessage(workspace, draft);
  else postEphemeral(workspace, { ...draft, ephemeralTo: url.user });
};

/** The body of a command's acknowledgement, if it holds a message. */
export const parseAnswer = (ack: unknown): Answer | null => {
  const parsed = answer.safeParse(ack);
  return parsed.success && (parsed.data.text || parsed.data.blocks !== undefined) ? parsed.data : null;
};
