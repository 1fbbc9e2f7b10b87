import { expect, it } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { toRefusal } from '../../src/bot/api/refusal.ts';
import { IncomingMessage } from '../../src/bot/incoming.ts';
import { filesIn, postedFilesOf } from '../../src/bot/posted-files.ts';

const message = (content: object) => IncomingMessage.parse({ channel: 'C1', ts: '1.0', ...content });
const idsIn = (content: object) => filesIn(message(content)).map(({ id }) => id);
const inText = (id: string) => ({
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        { type: 'text', text: 'this: ' },
        { type: 'file', file_id: id, url: 'https://x.slack.com/f' },
      ],
    },
  ],
});

it.each<[string, object, string[]]>([
  ['nothing', { text: 'only words', blocks: null, attachments: null }, []],
  ['files of its own', { files: [{ id: 'F1' }, { id: 'F2' }] }, ['F1', 'F2']],
  [
    'a forwarded message',
    { attachments: [{ is_share: true, files: [{ id: 'F3' }] }, { text: 'x' }] },
    ['F3'],
  ],
  ['a file in its text', { blocks: [inText('F4')] }, ['F4']],
  ['a file block', { blocks: [{ type: 'file', file_id: 'F5', source: 'remote' }] }, ['F5']],
  ['one file in several ways', { files: [{ id: 'F1' }], blocks: [inText('F1')] }, ['F1']],
])('a message with %s has these files', (_what, content, ids) => {
  expect(idsIn(content)).toEqual(ids);
});

const answering = (file: object | Error): Api => ({
  call: async (_method, _args, response) => {
    if (file instanceof Error) throw file;
    return response.parse({ file });
  },
});

it('a file of which only the id is known is looked up', async () => {
  const api = answering({ id: 'F4', name: 'talk.mp3', mimetype: 'audio/mpeg', size: 7 });
  expect(await postedFilesOf(api, message({ blocks: [inText('F4')] }))).toEqual([
    { fileId: 'F4', name: 'talk.mp3', mimeType: 'audio/mpeg', sizeBytes: 7 },
  ]);
});

it('a file that is gone is left out; one that cannot be looked up just now is not', async () => {
  const posted = message({ files: [{ id: 'F4' }] });
  expect(await postedFilesOf(answering(toRefusal('file_not_found')), posted)).toEqual([]);
  await expect(postedFilesOf(answering(toRefusal('internal_error')), posted)).rejects.toMatchObject({
    retryable: true,
  });
});
