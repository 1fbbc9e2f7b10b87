import { expect, it } from 'vitest';
import { wavOf } from '../../../scripts/wav.ts';
import { transcriptionOf, word } from '../../core/make.ts';
import { BEN, channelId, createStage, workspaceId } from '../support/stage.ts';

it('a result whose words have no length has no chart, and none is asked for', async () => {
  const stage = createStage({ transcribeMs: 1_000 });
  const one = stage.instance('one');
  await one.work();
  stage.speech.script(transcriptionOf(9_000, word('0:0', 0, 0, 'Hello'), word('0:0', 0, 0, 'there.')));
  const bytes = wavOf(Buffer.alloc(16_000), { sampleRateHz: 8_000, channels: 1 });
  const fileId = stage.chat.files.add({ name: 'talk.wav', bytes });
  const rootId = stage.chat.say(channelId);
  const thread = { workspaceId, channelId, rootId };
  const file = { fileId, name: 'talk.wav', mimeType: 'audio/wav', sizeBytes: bytes.length };
  await one.requests.filesPosted({ thread, postedIn: rootId, by: BEN, files: [file], approach: 'posted' });
  await stage.clock.advance(60_000);

  const [reply] = stage.chat.messages(thread);
  expect(reply!.message).toMatchObject({ kind: 'result', chart: null, talkTime: { speechMs: 0 } });
  expect(reply!.text).toContain('Hello there.');
});
