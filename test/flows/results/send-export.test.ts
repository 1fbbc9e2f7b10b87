import { describe, expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import { speech, transcriptionOf } from '../../core/make.ts';
import type { ChatFault } from '../../fakes/memory-chat.ts';
import { ANA, BEN, channelId, openStage, workspaceId } from '../support/stage.ts';

/** "Send to me": the transcript as a file for one person. */

const WORDS = transcriptionOf(
  4_000,
  ...speech('0:0', 0, 300, 'once and for all'),
  ...speech('0:1', 2_000, 300, 'for all'),
);

const openWithResult = async () => {
  const stage = await openStage();
  stage.speech.script(WORDS);
  const bytes = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });
  const fileId = stage.chat.files.add({ name: 'talk.wav', bytes });
  const rootId = stage.chat.say(channelId);
  const thread = { workspaceId, channelId, rootId };
  const file = { fileId, name: 'talk.wav', mimeType: 'audio/wav', sizeBytes: bytes.length };
  const posted = { thread, postedIn: rootId, by: BEN, files: [file] };
  await stage.one.requests.filesPosted({ ...posted, approach: 'posted' });
  await stage.clock.advance(600_000);
  const [recording] = await stage.one.requests.recentConversations(workspaceId, BEN);
  const id = recording!.id;
  const send = async (format: 'txt' | 'vtt') => {
    const outcome = await stage.one.requests.sendExport(id, ANA, format);
    await stage.clock.advance(600_000);
    return outcome;
  };
  /** File names, and the texts between them. */
  const sentTo = (member: typeof ANA) =>
    stage.chat
      .directMessages(member)
      .map(({ fileIds: [sent], text }) =>
        sent === undefined ? text : stage.chat.files.uploaded(sent)!.name,
      );
  return { ...stage, id, thread, send, sentTo };
};

describe('a transcript sent to one person', () => {
  it('comes once below a line that says what it is, and to no one else', async () => {
    const { send, sentTo, chat, thread } = await openWithResult();
    const before = chat.messages(thread).length;
    expect(await send('vtt')).toEqual({ outcome: 'accepted' });
    expect(sentTo(ANA)).toEqual(['Here is the transcript of “talk.wav” as a VTT file.', 'talk.vtt']);
    expect(await send('vtt')).toEqual({
      outcome: 'already',
      sentence: 'You have the VTT file already. It’s in your messages with Parley.',
    });
    expect(sentTo(ANA)).toHaveLength(2);
    expect(sentTo(BEN)).toEqual([]);
    expect(chat.messages(thread)).toHaveLength(before);
  });

  it('can be had again once the speakers have names', async () => {
    const { send, sentTo, one, id, clock } = await openWithResult();
    await send('txt');
    await one.requests.nameSpeakers(id, BEN, { '0:0': { name: 'Yuki Sato' } });
    await clock.advance(600_000);
    expect(await send('txt')).toEqual({ outcome: 'accepted' });
    expect(sentTo(ANA).filter((name) => name === 'talk.txt')).toHaveLength(2);
  });

  it.each<ChatFault>(['lost-response', 'rate-limit', 'unavailable'])(
    'comes exactly once in spite of: %s',
    async (fault) => {
      const { send, sentTo, chat } = await openWithResult();
      for (let times = 1; times <= 4; times += 1) {
        chat.fail(fault, times);
        await send(times % 2 === 0 ? 'txt' : 'vtt');
      }
      chat.recover();
      expect(sentTo(ANA).filter((name) => name.startsWith('talk.'))).toEqual(['talk.vtt', 'talk.txt']);
    },
  );

  it('comes as messages where the workspace takes no files, and for another format the reason does', async () => {
    const { send, sentTo, chat, thread } = await openWithResult();
    chat.fail('file-refused');
    await send('txt');
    expect(sentTo(ANA).join('\n')).toContain('once and for all');
    await send('vtt');
    const told = chat.messages(thread).find(({ ephemeralTo }) => ephemeralTo === ANA);
    expect(told?.text).toMatch(/^The VTT file of “talk\.wav” couldn’t be shared\./);
  });
});
