import { expect } from 'vitest';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import type { NumberedRecording } from './recordings.ts';
import type { Stage } from './stage.ts';
import { isFinal, shownText } from './workspace.ts';

/** A posted message and its recordings, in order. */
export interface PostedRecordings {
  readonly root: StoredMessage;
  readonly recordings: readonly NumberedRecording[];
}

/** Parley’s replies to a posting, as everyone sees them. */
const repliesTo = async (stage: Stage, { root }: PostedRecordings): Promise<StoredMessage[]> =>
  (await stage.workspace.thread(root.channel, root.ts)).filter(
    (message) => message.ts !== root.ts && message.ephemeral_to === undefined,
  );

/** Whether every recording has its final message, and every long one its file. */
export const isComplete = async (stage: Stage, posting: PostedRecordings): Promise<boolean> => {
  const replies = await repliesTo(stage, posting);
  const files = replies.flatMap((message) => message.files ?? []);
  const long = posting.recordings.filter((recording) => recording.long);
  const messages = replies.filter(({ metadata }) => metadata !== undefined);
  return (
    messages.every(isFinal) && messages.length >= posting.recordings.length && files.length >= long.length
  );
};

/** Every recording has exactly one result, in the order of the posting, and every long one exactly one file. */
export const expectExactlyOnce = async (stage: Stage, posting: PostedRecordings): Promise<void> => {
  const replies = await repliesTo(stage, posting);
  const results = replies.filter((message) => message.metadata !== undefined);
  const files = replies.filter((message) => message.metadata === undefined);
  const shown = results.map((message) => ({
    name: /talk-\d+\.wav/.exec(shownText(message))?.[0],
    ownWord: /zebra\d+x/.exec(shownText(message))?.[0],
    final: isFinal(message),
  }));
  expect(shown).toEqual(
    posting.recordings.map(({ name, uniqueWord: ownWord }) => ({ name, ownWord, final: true })),
  );
  expect(files.map((message) => message.files?.map(({ name }) => name))).toEqual(
    posting.recordings.filter(({ long }) => long).map(({ name }) => [name.replace(/\.wav$/, '.txt')]),
  );
};
