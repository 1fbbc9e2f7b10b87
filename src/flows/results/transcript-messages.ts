import type { Conversation } from '../../core/conversation/types.ts';
import type { AppError } from '../../core/error.ts';
import type { MemberId } from '../../core/ids.ts';
import type { PostedMessage, Store } from '../../core/ports.ts';
import type { CaptionParagraph, ThreadMessage } from '../../core/thread-message.ts';
import { toParagraphs } from '../../core/transcript/paragraphs.ts';
import type { Transcript } from '../../core/transcript/types.ts';
import { RESULTS } from '../sentences.ts';
import { postOnce } from './status-message.ts';

/** What one message shows without being cut, in any script. */
const MESSAGE_CHARACTERS = 3_000;

/** Where the messages go: the thread, or the direct messages of one person. */
export interface TranscriptPlace {
  /** The one person; null for the thread. */
  readonly to: MemberId | null;
  post(message: ThreadMessage, key: string): Promise<PostedMessage>;
  find(key: string): Promise<PostedMessage | null>;
  remove(posted: PostedMessage): Promise<void>;
}

/**
 * Posts the transcript as messages, each once, in place of a file that the chat service does not take: first why, then
 * everything that was said.
 */
export const postTranscript = async (
  store: Store,
  conversation: Conversation,
  transcript: Transcript,
  because: AppError,
  place: TranscriptPlace,
): Promise<void> => {
  const prefix = keysOf(conversation, place);
  const messages: readonly ThreadMessage[] = [
    { kind: 'remark', sentence: RESULTS.inMessages(because.userMessage) },
    ...inMessages(transcript).map((paragraphs) => ({ kind: 'captions' as const, paragraphs })),
  ];
  for (const [index, message] of messages.entries()) {
    const key = `${prefix}r${conversation.revision}:${index}`;
    await postOnce(store, conversation, key, {
      find: () => place.find(key),
      post: () => place.post(message, key),
    });
  }
  await removeOlder(store, conversation, place);
};

const keysOf = ({ id }: Conversation, { to }: TranscriptPlace): string =>
  to === null ? `transcript:${id}:` : `transcript-to:${to}:${id}:`;

/** The messages with the names of before. */
const removeOlder = async (
  store: Store,
  conversation: Conversation,
  place: TranscriptPlace,
): Promise<void> => {
  const { id, revision } = conversation;
  const prefix = keysOf(conversation, place);
  for (const [key, delivery] of await store.transact((tx) => tx.deliveriesOf(id))) {
    const isOlder = key.startsWith(prefix) && !key.startsWith(`${prefix}r${revision}:`);
    if (!isOlder || delivery.state !== 'message') continue;
    await place.remove(delivery.posted);
    await store.transact((tx) => tx.saveDelivery(key, { state: 'withdrawn' }));
  }
};

const inMessages = (transcript: Transcript): readonly (readonly CaptionParagraph[])[] => {
  const messages: CaptionParagraph[][] = [];
  let room = 0;
  for (const { party, startMs, text } of toParagraphs(transcript)) {
    const name = transcript.parties[party]?.name ?? '';
    for (const piece of pieces(text)) {
      if (messages.length === 0 || piece.length > room) {
        messages.push([]);
        room = MESSAGE_CHARACTERS;
      }
      messages.at(-1)!.push({ name, startMs, text: piece });
      room -= piece.length;
    }
  }
  return messages;
};

/** At blanks, or within a character run that is longer than a message. */
const pieces = (text: string): readonly string[] =>
  text.match(new RegExp(`.{1,${MESSAGE_CHARACTERS}}(?:\\s|$)|.{1,${MESSAGE_CHARACTERS}}`, 'gsu')) ?? [];
