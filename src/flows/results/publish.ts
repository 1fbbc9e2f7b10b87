import { talkTimePie } from '../../core/chart.ts';
import type { Conversation, Job } from '../../core/conversation/types.ts';
import { toAppError } from '../../core/error.ts';
import { logFailure } from '../../core/log-failure.ts';
import type { Charts, Chat, JobContext, JobHandler, Log, Store, Tx, WallClock } from '../../core/ports.ts';
import { describeTalkTime } from '../../core/talk-time/format.ts';
import { measureTalkTime } from '../../core/talk-time/measure.ts';
import type { TalkTime } from '../../core/talk-time/types.ts';
import type { FailureMessage, ResultMessage } from '../../core/thread-message.ts';
import { isShortVoice } from '../../core/transcript/short-voice.ts';
import { toTranscript } from '../../core/transcript/transcribe.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import type { SpeakerNames, Transcription } from '../../core/transcription.ts';
import { RESULTS } from '../sentences.ts';
import { applyResultEvent, isPosted, type PostedConversation } from '../util/conversations.ts';
import { orderExport, sharedFormats, shareNextLongTranscript } from './export-orders.ts';
import { showResult } from './result-message.ts';
import { showStatus } from './status-message.ts';

type Publish = Extract<Job, { name: 'publish' }>;

interface Ports {
  readonly store: Store;
  readonly chat: Chat;
  readonly charts: Charts;
  readonly clock: WallClock;
  readonly log: Log;
}

/** From this attempt on a result is shown without its chart rather than waiting for it any longer. */
const GO_WITHOUT_CHART_FROM_ATTEMPT = 3;

/** Shows a conversation in its thread as it now is: failure, or result with chart and files. */
export const publishHandler = (ports: Ports): JobHandler<Publish> => ({
  async run(job, context) {
    const { store, chat, clock } = ports;
    const now = await store.transact(async (tx) => ({
      conversation: await tx.conversation(job.conversationId),
      transcription: await tx.transcription(job.conversationId),
      names: await tx.speakerNames(job.conversationId),
    }));
    // A newer revision has a job of its own, and shows everything that this one would.
    if (now.conversation === null || now.conversation.revision !== job.revision) return;
    const { conversation } = now;
    if (!isPosted(conversation)) return;
    const message = await buildMessage(ports, conversation, now.transcription, now.names, context);
    if (message === null) return;

    const { whole } =
      message.kind === 'result'
        ? await showResult(ports, conversation, message)
        : await showStatus(ports, conversation, message);
    await store.transact(async (tx) => {
      if (message.kind === 'result') {
        await applyResultEvent(tx, clock, conversation.id, {
          type: 'published',
          revision: job.revision,
          inFile: !whole,
        });
        await renewExports(tx, conversation.id);
      }
      await shareNextLongTranscript(tx, conversation);
    });
    await chat.refreshHome(conversation.thread.workspaceId, conversation.startedBy);
  },

  async gaveUp(job, error) {
    const { conversationId: id, revision } = job;
    const { store, chat, clock, log } = ports;
    logFailure(log, error, { conversation: id }, 'a result could not be posted');
    const conversation = await store.transact(async (tx) => {
      await applyResultEvent(tx, clock, id, { type: 'undeliverable', revision, because: error.code });
      const conversation = await tx.conversation(id);
      if (conversation !== null) await shareNextLongTranscript(tx, conversation);
      return conversation;
    });
    if (conversation?.revision !== revision || !isPosted(conversation)) return;
    const { title, thread, startedBy, state } = conversation;
    await chat.refreshHome(thread.workspaceId, startedBy);
    // A result is sent privately by a job of its own; a failure is one sentence.
    if (state.name === 'failed') {
      await chat.postEphemeral(thread, startedBy, RESULTS.notTranscribed(title, state.message));
    }
  },
});

const buildMessage = async (
  ports: Ports,
  conversation: PostedConversation,
  transcription: Transcription | null,
  names: SpeakerNames,
  context: JobContext,
): Promise<ResultMessage | FailureMessage | null> => {
  const { id, title, state } = conversation;
  switch (state.name) {
    case 'failed':
      return {
        kind: 'failure',
        conversationId: id,
        title,
        sentence: state.message,
        // A meeting cannot be held a second time.
        mayRetry: 'mayRetry' in state && state.mayRetry,
      };
    case 'transcribed':
    case 'published': {
      if (transcription === null) return null;
      const transcript = toTranscript(transcription, names);
      const talkTime = measureTalkTime(transcript);
      // Its figures are behind a button.
      const chart = isShortVoice(transcript)
        ? null
        : await chartOnce(ports, conversation, transcript, talkTime, context);
      return { kind: 'result', conversationId: id, title, transcript, talkTime, chart };
    }
    default:
      return null;
  }
};

/** The chart of this revision, drawn and uploaded once, unless a crash comes between. */
const chartOnce = async (
  { store, chat, charts, log }: Ports,
  { id, thread, title, revision }: PostedConversation,
  transcript: Transcript,
  talkTime: TalkTime,
  { attempt }: JobContext,
): Promise<ResultMessage['chart']> => {
  const pie = talkTimePie(transcript, talkTime);
  // Words of which the engine gives no length: there is nothing to draw.
  if (pie.slices.length === 0) return null;
  const altText = describeTalkTime(transcript, talkTime);
  const key = `chart:${id}:r${revision}`;
  const known = await store.transact((tx) => tx.delivery(key));
  if (known?.state === 'file') return { fileId: known.fileId, altText };
  try {
    const bytes = await charts.pie(pie);
    const fileId = await chat.uploadImage(thread.workspaceId, {
      name: 'talk-time.png',
      title: `Talk time: ${title}`,
      bytes,
      altText,
    });
    await store.transact(async (tx) => {
      if (known === null) await tx.intendDelivery(key, id);
      await tx.saveDelivery(key, { state: 'file', fileId });
    });
    return { fileId, altText };
  } catch (error) {
    const fault = toAppError(error);
    if (fault.retryable && attempt < GO_WITHOUT_CHART_FROM_ATTEMPT) throw fault;
    log.warn({ err: fault, conversation: id }, 'a result is posted without its chart');
    return null;
  }
};

/** Shares again what was shared under older names, which withdraws the older files. */
const renewExports = async (tx: Tx, id: Conversation['id']): Promise<void> => {
  const conversation = await tx.conversation(id);
  if (conversation === null) return;
  for (const format of await sharedFormats(tx, id)) {
    await orderExport(tx, conversation, format, conversation.startedBy);
  }
};
