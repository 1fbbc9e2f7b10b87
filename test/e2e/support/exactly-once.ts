import { expect } from 'vitest';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import type { NumberedRecording } from './recordings.ts';
import type { Stage } from './stage.ts';
import { isFinal, shownText } from './workspace.ts';

/** One message that a person posted, and the recordings in it, in order. */
export interface Posting {
  readonly root: StoredMessage;
  readonly recordings: readonly NumberedRecording[];
}

/** Parley's answers to a posting, as everybody sees them. */
const answersTo = async (stage: Stage, { root }: Posting): Promise<StoredMessage[]> =>
  (await stage.workspace.thread(root.channel, root.ts)).filter(
    (message) => message.ts !== root.ts && message.ephemeral_to === undefined,
  );

/** Whether nothing more is to come: every recording has its final message, and every long one its file. */
export const isComplete = async (stage: Stage, posting: Posting): Promise<boolean> => {
  const answers = await answersTo(stage, posting);
  const files = answers.flatMap((message) => message.files ?? []);
  const long = posting.recordings.filter((recording) => recording.long);
  return answers.filter(isFinal).length >= posting.recordings.length && files.length >= long.length;
};

/** Each recording has its own result, once, in the order of the posting, and each long one its file, once. */
export const expectExactlyOnce = async (stage: Stage, posting: Posting): Promise<void> => {
  const answers = await answersTo(stage, posting);
  const results = answers.filter((message) => message.metadata !== undefined);
  const files = answers.filter((message) => message.metadata === undefined);
  const shown = results.map((message) => ({
    name: /talk-\d+\.wav/.exec(shownText(message))?.[0],
    ownWord: /zebra\d+x/.exec(shownText(message))?.[0],
    final: isFinal(message),
  }));
  expect(shown).toEqual(posting.recordings.map(({ name, ownWord }) => ({ name, ownWord, final: true })));
  expect(files.map((message) => message.files?.map(({ name }) => name))).toEqual(
    posting.recordings.filter(({ long }) => long).map(({ name }) => [name.replace(/\.wav$/, '.txt')]),
  );
};
