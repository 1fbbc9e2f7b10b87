import { describe, expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import { speech, transcriptionOf } from '../../core/make.ts';
import { ANA, BEN, channelId, openStage, workspaceId } from '../support/stage.ts';

/** What a workspace does not take of a result, and that nothing is lost by it. */

const SHORT = transcriptionOf(
  4_000,
  ...speech('0:0', 0, 300, 'once and for all'),
  ...speech('0:1', 2_000, 300, 'for all'),
);
const LONG = transcriptionOf(
  5_000_000,
  ...speech('0:0', 0, 300, Array.from({ length: 4_000 }, (_, n) => `word${n}`).join(' ')),
);

/** Ben's recording, and what its thread shows. */
const transcribe = async (stage: Awaited<ReturnType<typeof openStage>>, words: typeof SHORT) => {
  stage.speech.script(words);
  const bytes = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });
  const fileId = stage.chat.files.add({ name: 'talk.wav', bytes });
  const rootId = stage.chat.say(channelId);
  const file = { fileId, name: 'talk.wav', mimeType: 'audio/wav', sizeBytes: bytes.length };
  const thread = { workspaceId, channelId, rootId };
  const posted = { thread, postedIn: rootId, by: BEN, files: [file] };
  await stage.one.requests.filesPosted({ ...posted, approach: 'posted' });
  await stage.clock.advance(600_000);
  const [recording] = await stage.one.requests.recentConversations(workspaceId, BEN);
  return { thread, id: recording!.id, shown: () => stage.chat.messages(thread) };
};

describe('a result', () => {
  it('whose message can’t be edited is a new message, and the old one is taken back', async () => {
    const stage = await openStage();
    stage.chat.fail('edit-refused');
    const { shown } = await transcribe(stage, SHORT);
    expect(shown()).toHaveLength(1);
    expect(shown()[0]).toMatchObject({ whole: true, message: { kind: 'result' } });
  });

  it.each([
    ['without its picture', 1, { hasPicture: false, whole: true, hasBlocks: true }],
    ['without its transcript, which is in the file', 2, { whole: false, hasBlocks: true }],
    ['as a new message', 3, { hasPicture: true, whole: true }],
    ['as a new message of text alone', 6, { whole: false, hasBlocks: false }],
  ])('refused for its form is shown %s', async (_how, times, expected) => {
    const stage = await openStage();
    const { id, shown } = await transcribe(stage, SHORT);
    stage.chat.fail('form-refused', times);
    await stage.one.requests.nameSpeakers(id, BEN, { '0:0': { name: 'Yuki Sato' } });
    await stage.clock.advance(60_000);
    const [result, file, ...more] = shown().toSorted((a, b) => a.fileIds.length - b.fileIds.length);
    expect(result).toMatchObject({ ...expected, message: { kind: 'result' } });
    expect(result!.text).toContain('Yuki Sato');
    expect(file?.fileIds.map((fileId) => stage.chat.files.uploaded(fileId)?.name)).toEqual(
      expected.whole ? undefined : ['talk.txt'],
    );
    expect(more).toEqual([]);
  });
});

describe('a transcript that is too long for its message', () => {
  const wordsOf = (texts: readonly string[]): string[] => texts.join('\n').match(/word\d+/g) ?? [];

  it('is posted as messages where the workspace takes no files, with the reason', async () => {
    const stage = await openStage();
    stage.chat.fail('file-refused');
    const { id, shown } = await transcribe(stage, LONG);
    const captions = () =>
      shown().flatMap(({ message }) =>
        message?.kind === 'captions' ? [message.paragraphs.map(({ text }) => text).join('\n')] : [],
      );
    const [, remark] = shown();
    expect(remark!.text).toMatch(/^The transcript can’t be attached .* File uploads are turned off/);
    expect(wordsOf(captions())).toEqual(Array.from({ length: 4_000 }, (_, n) => `word${n}`));
    expect(Math.max(...captions().map(({ length }) => length))).toBeLessThanOrEqual(3_000);

    const before = shown().length;
    await stage.one.requests.nameSpeakers(id, BEN, { '0:0': { name: 'Yuki Sato' } });
    await stage.clock.advance(600_000);
    expect(shown()).toHaveLength(before);
    expect(shown().at(-1)!.text).toContain('Yuki Sato');
  });

  it('is asked for by an admin, who reads what to change; another member reads whom to ask', async () => {
    const stage = await openStage();
    const { id, shown } = await transcribe(stage, SHORT);
    stage.chat.fail('file-refused');
    for (const member of [ANA, BEN]) {
      await stage.one.requests.shareExport(id, member, 'vtt');
      await stage.clock.advance(60_000);
    }
    const told = (member: string) => shown().find(({ ephemeralTo }) => ephemeralTo === member)!.text;
    expect(told(BEN)).toContain('Ask a workspace admin');
    expect(told(ANA)).toContain('allow them in the workspace’s settings');
  });
});
