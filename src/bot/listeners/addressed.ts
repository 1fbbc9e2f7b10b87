import { recordingsAmong } from '../../core/conversation/may-be-recording.ts';
import type { Thread } from '../../core/ids.ts';
import type { PostedFile } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { buildHelp } from '../blocks/help.ts';
import { messageAt } from '../history.ts';
import type { MessageContent } from '../incoming.ts';
import { linkAlone, linksIn, looksLikeRecording } from '../links.ts';
import { METADATA_TYPE, postAs } from '../messages.ts';
import { filesIn, postedFilesOf } from '../posted-files.ts';
import { acceptFiles, type Posted } from './accept-files.ts';
import type { ListenerDeps } from './deps.ts';

/** A message sent to Parley itself: a mention, or a direct message. */
export interface Addressed extends Posted {
  readonly message: MessageContent;
  readonly retryNum: number | undefined;
  /** Whether it may have been answered before: Slack sends it again after an edit, or without an acknowledgement. */
  readonly isRepeat: boolean;
  /** Whether the event may lack the message's files, so that they have to be looked up. */
  readonly mayLackFiles: boolean;
  /** A direct message of nothing but a link asks for its transcript, whatever the link looks like. */
  readonly isDirect: boolean;
}

/** Answers it once: its recordings or its link to one are transcribed; for anything else there is the help. */
export const answerAddressed = async (deps: ListenerDeps, addressed: Addressed): Promise<void> => {
  const { thread, postedIn, by, message, retryNum, isDirect } = addressed;
  const accept = (files: readonly PostedFile[]) =>
    acceptFiles(deps, { thread, postedIn, by }, async () => files, { approach: 'addressed', retryNum });
  const own = await recordingsOf(deps.api, message);
  if (own.length > 0) return accept(own);
  const [link] = linksIn(message);
  const alone = isDirect ? linkAlone(message.text ?? '') : null;
  const recording = link !== undefined && looksLikeRecording(link) ? link : alone;
  if (recording !== null) return requestLink(deps, addressed, recording);
  const found = addressed.mayLackFiles && filesIn(message).length === 0 ? await lookUp(deps, addressed) : [];
  if (found.length > 0) return accept(found);
  if (!isAside(addressed)) await helpOnce(deps, addressed, link ?? null);
};

const recordingsOf = async (api: Api, message: Omit<MessageContent, 'ts'>): Promise<readonly PostedFile[]> =>
  recordingsAmong(await postedFilesOf(api, message), 'addressed');

const requestLink = (
  { requests, replies }: ListenerDeps,
  { thread, postedIn, by }: Posted,
  url: string,
): Promise<void> =>
  replies.sendOutcome({ channelId: thread.channelId, rootId: thread.rootId, memberId: by }, async () => {
    const origin = `link:${postedIn}:${url}`;
    const outcome = await requests.transcribeLink({ thread, postedIn, by, url, origin });
    // Answered in the thread before, when the message came the first time.
    return outcome.outcome === 'already' ? null : outcome;
  });

/** A message is in its channel's history a moment after its event at the latest. */
const HISTORY_WAIT_MS = 1_000;

/** The recordings of a message whose event came without files. */
const lookUp = async (
  { api, clock, log }: ListenerDeps,
  { thread, postedIn }: Posted,
): Promise<readonly PostedFile[]> => {
  try {
    let message = await messageAt(api, thread, postedIn);
    if (message === null) {
      await clock.sleep(HISTORY_WAIT_MS);
      message = await messageAt(api, thread, postedIn);
    }
    return message === null ? [] : await recordingsOf(api, message);
  } catch (error) {
    log.info({ err: error }, 'files of a mention not looked up');
    return [];
  }
};

/** Talk below an answer in a direct conversation ("Thanks!"), which wants no help. */
const isAside = ({ isDirect, thread, postedIn, message }: Addressed): boolean =>
  isDirect && thread.rootId !== postedIn && !/^\s*help\b/i.test(message.text ?? '');

const helpOnce = async (
  deps: ListenerDeps,
  { thread, postedIn, by, isRepeat }: Addressed,
  linkUrl: string | null,
): Promise<void> => {
  const recipient = { channelId: thread.channelId, rootId: thread.rootId, memberId: by };
  await deps.replies.sendOutcome(recipient, async () => {
    const key = `help:${postedIn}`;
    if (isRepeat && (await deps.chat.find(thread, key)) !== null) return null;
    await postHelp(deps, thread, key, linkUrl);
    return null;
  });
};

const postHelp = async (
  { api, commands }: ListenerDeps,
  thread: Thread,
  key: string,
  linkUrl: string | null,
): Promise<void> => {
  const metadata = { event_type: METADATA_TYPE, event_payload: { key, kind: 'help', final: true } };
  await postAs(api, thread.channelId, { ...buildHelp(commands, { linkUrl }), metadata }, thread);
};
