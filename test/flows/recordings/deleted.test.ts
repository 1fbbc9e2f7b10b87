import { describe, expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import type { FlowOptions } from '../../../src/flows/index.ts';
import { transcriptionOf } from '../../core/make.ts';
import { ANA, BEN, channelId, createStage, type StageOptions, workspaceId } from '../support/stage.ts';

/** Recordings whose message or file somebody deletes. */

const BYTES = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });

/** Two instances share the work; Ana posts recordings, and events of what she deletes reach the instance `one`. */
const post = async (
  names: readonly string[],
  options: StageOptions & { over?: Partial<FlowOptions> } = {},
) => {
  const stage = createStage({ transcribeMs: 60_000, ...options });
  const signals: AbortSignal[] = [];
  const one = stage.instance('one', options.over);
  const elsewhere = stage.instance('elsewhere', {
    speech: {
      ...stage.speech,
      transcribe(recording, how) {
        signals.push(how.signal);
        return stage.speech.transcribe(recording, how);
      },
    },
    ...options.over,
  });
  const rootId = stage.chat.say(channelId);
  const thread = { workspaceId, channelId, rootId };
  const files = names.map((name) => ({
    fileId: stage.chat.files.add({ name, bytes: BYTES }),
    name,
    mimeType: 'audio/wav',
    sizeBytes: BYTES.length,
  }));
  const posted = { thread, postedIn: rootId, by: ANA, files, approach: 'posted' } as const;
  await one.requests.filesPosted(posted);
  const states = async () =>
    (await stage.transact((tx) => tx.conversationsPostedIn(workspaceId, channelId, rootId))).map(
      ({ state }) => state.name,
    );
  return {
    ...stage,
    one,
    elsewhere,
    signals,
    posted,
    states,
    shown: () => stage.chat.messages(thread),
    /** As people see it: a root with answers becomes a tombstone, which the answers stay under. */
    deleteMessage: () => one.requests.messageDeleted({ workspaceId, channelId, messageId: rootId }),
    deleteFile: (index = 0) => {
      const { fileId } = files[index]!;
      stage.chat.files.remove(fileId);
      return one.requests.fileDeleted({ workspaceId, fileId });
    },
  };
};

describe('a recording that is deleted while another instance transcribes it', () => {
  it.each([
    ['with its message', 'deleteMessage'],
    ['as a file', 'deleteFile'],
  ] as const)('(%s) stops the engine, and nothing of it stays shown', async (_how, deletes) => {
    const stage = await post(['talk.wav']);
    await stage.elsewhere.work();
    await stage.clock.advance(10_000);
    expect(stage.shown()).toHaveLength(1);
    expect(stage.signals.map(({ aborted }) => aborted)).toEqual([false]);
    await stage[deletes]();
    await stage.clock.advance(3_000);
    expect(stage.signals.map(({ aborted }) => aborted)).toEqual([true]);
    expect(stage.shown()).toEqual([]);
    await stage.clock.advance(600_000);
    expect(stage.shown()).toEqual([]);
    expect(await stage.states()).toEqual(['withdrawn']);
    expect(await stage.one.requests.recentConversations(workspaceId, ANA)).toEqual([]);
    expect(stage.chat.refreshedHomes).toContain(ANA);
    expect(stage.chat.directMessages(ANA)).toEqual([]);
  });

  it('leaves the others of its message alone', async () => {
    const stage = await post(['first.wav', 'second.wav']);
    await stage.elsewhere.work();
    await stage.clock.advance(10_000);
    await stage.deleteFile(0);
    await stage.clock.advance(600_000);
    expect(await stage.states()).toEqual(['withdrawn', 'published']);
    expect(stage.shown().map(({ message }) => message)).toMatchObject([
      { kind: 'result', title: 'second.wav' },
    ]);
  });

  it('is not transcribed again when its message is delivered once more', async () => {
    const stage = await post(['talk.wav']);
    await stage.elsewhere.work();
    await stage.deleteMessage();
    await stage.one.requests.filesPosted(stage.posted);
    await stage.clock.advance(600_000);
    expect(await stage.states()).toEqual(['withdrawn']);
    expect(stage.shown()).toEqual([]);
  });
});

describe('a recording that is deleted', () => {
  it('before it is announced is never shown', async () => {
    const stage = await post(['talk.wav']);
    await stage.deleteMessage();
    await stage.elsewhere.work();
    await stage.clock.advance(600_000);
    expect(stage.shown()).toEqual([]);
    expect(stage.speech.recordings).toEqual([]);
  });

  it('with nobody telling so is not answered either', async () => {
    const stage = await post(['talk.wav']);
    const { fileId } = stage.posted.files[0]!;
    stage.chat.files.remove(fileId);
    await stage.elsewhere.work();
    await stage.clock.advance(600_000);
    expect(await stage.states()).toEqual(['withdrawn']);
    expect(stage.shown()).toEqual([]);
  });

  it('with its message, before there was an answer, ends without one', async () => {
    const stage = await post(['talk.wav']);
    stage.chat.deleteMessage({ channelId, messageId: stage.posted.postedIn });
    await stage.elsewhere.work();
    await stage.clock.advance(600_000);
    expect(await stage.states()).toEqual(['withdrawn']);
    expect(stage.chat.directMessages(ANA)).toEqual([]);
    expect(stage.shown()).toEqual([]);
  });

  it('while its result is being posted takes the result back, with its chart', async () => {
    const stage = await post(['talk.wav'], {
      transcribeMs: 0,
      over: {
        charts: {
          async pie() {
            await stage.deleteMessage();
            return new Uint8Array([1]);
          },
        },
      },
    });
    await stage.elsewhere.work();
    await stage.clock.advance(600_000);
    expect(await stage.states()).toEqual(['withdrawn']);
    expect(stage.shown()).toEqual([]);
  });

  it('after it failed takes the failure back', async () => {
    const stage = await post(['talk.wav'], { transcribeMs: 0 });
    stage.speech.script(transcriptionOf(1_000));
    await stage.elsewhere.work();
    await stage.clock.advance(10_000);
    expect(stage.shown().map(({ message }) => message?.kind)).toEqual(['failure']);
    await stage.deleteMessage();
    await stage.clock.advance(10_000);
    expect(stage.shown()).toEqual([]);
  });

  it('after its result was posted leaves the result', async () => {
    const stage = await post(['talk.wav'], { transcribeMs: 0 });
    await stage.elsewhere.work();
    await stage.clock.advance(10_000);
    await stage.deleteFile();
    await stage.clock.advance(10_000);
    expect(await stage.states()).toEqual(['published']);
    expect(stage.shown().map(({ message }) => message?.kind)).toEqual(['result']);
  });
});

describe('a file of which only its id is told', () => {
  const share = async (shared: 'at once' | 'later' | 'with its message') => {
    const stage = createStage();
    const one = stage.instance('one');
    await one.work();
    const rootId = stage.chat.say(channelId);
    const thread = { workspaceId, channelId, rootId };
    const content = { name: 'long talk.wav', bytes: BYTES };
    const message = { thread, postedIn: rootId, by: BEN };
    const fileId = stage.chat.files.add({ ...content, shared: message });
    await one.requests.fileShared({ workspaceId, channelId, fileId });
    if (shared === 'with its message') {
      const file = { fileId, name: content.name, mimeType: null, sizeBytes: BYTES.length };
      await one.requests.filesPosted({ ...message, files: [file], approach: 'posted' });
    }
    if (shared === 'later') stage.chat.fail('unavailable', 4);
    await stage.clock.advance(120_000);
    return stage.chat.messages(thread).map((shown) => shown.message);
  };

  it.each(['at once', 'later', 'with its message'] as const)('(%s) is transcribed once', async (when) => {
    expect(await share(when)).toMatchObject([{ kind: 'result', title: 'long talk.wav' }]);
  });
});
