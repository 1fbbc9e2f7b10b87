import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { BOT_TOKEN, errorOf, eventually, type OpenWorkspace, openWorkspace } from './workspace.ts';

let workspace: OpenWorkspace;
beforeEach(async () => {
  workspace = await openWorkspace();
});
afterEach(() => workspace.close());

/** The smallest image that Slack would take: one grey pixel. Checksums are left out; nobody here draws it. */
const png = (): Buffer<ArrayBuffer> => {
  const chunk = (type: string, data: Buffer): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(type, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const size = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const parts = [
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.from([0, 128]))),
    chunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.from(Buffer.concat(parts));
};

const uploadImage = async (complete: object = {}): Promise<string> => {
  const { web } = workspace;
  const bytes = png();
  const reserved = await web.files.getUploadURLExternal({ filename: 'chart.png', length: bytes.length });
  const sent = await fetch(reserved.upload_url!, { method: 'POST', body: bytes });
  expect(sent.status).toBe(200);
  await web.apiCall('files.completeUploadExternal', {
    files: [{ id: reserved.file_id!, title: 'Chart' }],
    ...complete,
  });
  return reserved.file_id!;
};

const digested = (id: string) =>
  eventually(async () => (await workspace.web.files.info({ file: id })).file!.mimetype, 'digested');

const request = (url: string, headers: Record<string, string> = { authorization: `Bearer ${BOT_TOKEN}` }) =>
  fetch(url, { headers, redirect: 'manual' });
/** Follows the redirect to the file host, without the token. */
const download = async (url: string, more: Record<string, string> = {}) => {
  const led = await request(url, { authorization: `Bearer ${BOT_TOKEN}`, ...more });
  return led.status === 302 ? request(led.headers.get('location')!, more) : led;
};

test('an unshared image serves as slack_file once it is digested, and not before', async () => {
  const id = await uploadImage();
  const post = () =>
    workspace.web.chat.postMessage({
      channel: workspace.general,
      text: 'chart',
      blocks: [{ type: 'image', alt_text: 'a pie', slack_file: { id } }],
    });
  expect(await errorOf(post())).toBe('invalid_blocks');
  expect(await digested(id)).toBe('image/png');
  expect((await post()).message?.blocks?.[0]).toMatchObject({ slack_file: { id }, image_width: 1 });
  expect((await workspace.web.files.info({ file: id })).file).toMatchObject({
    channels: [],
    is_public: false,
  });
});

test('a file completed for a thread appears there as the bot’s message, when it is digested', async () => {
  const root = await workspace.say('root');
  const id = await uploadImage({
    channel_id: workspace.general,
    thread_ts: root.ts,
    initial_comment: 'here',
  });
  await eventually(async () => (await workspace.messages(root.ts)).length === 2, 'the share');
  const { messages } = await workspace.web.conversations.replies({ channel: workspace.general, ts: root.ts });
  expect(messages![1]).toMatchObject({ text: 'here', user: workspace.bot, files: [{ id, title: 'Chart' }] });
  const { file } = await workspace.web.files.info({ file: id });
  expect(file?.shares?.public?.[workspace.general]?.[0]).toMatchObject({
    ts: messages![1]!.ts,
    thread_ts: root.ts,
  });
});

test('the SDK’s own upload, which is multipart, keeps every byte', async () => {
  const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256));
  await workspace.web.files.uploadV2({
    file: bytes,
    filename: 'data.bin',
    channel_id: workspace.general,
  });
  const files = await eventually(
    async () => (await workspace.messages()).find((message) => message.files)?.files,
    'the share',
  );
  const answer = await fetch(workspace.url + files[0]!.control_url);
  expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
});

test('an upload URL is good for one upload, and a file is completed once', async () => {
  const { web } = workspace;
  const reserved = await web.files.getUploadURLExternal({ filename: 'a.txt', length: 3 });
  const send = () => fetch(reserved.upload_url!, { method: 'POST', body: 'abc' });
  const complete = () => web.files.completeUploadExternal({ files: [{ id: reserved.file_id!, title: 'a' }] });
  expect(await errorOf(complete())).toBe('file_not_found');
  expect((await send()).status).toBe(200);
  expect((await send()).status).toBe(404);
  expect(await errorOf(complete())).toBe('no error');
  // Slack answers the same again, and does no more.
  expect(await errorOf(complete())).toBe('no error');
});

test('only the bot’s token can download; others get a login page', async () => {
  const bytes = new TextEncoder().encode('0123456789');
  const { id } = await workspace.upload('talk.mp3', bytes);
  const { file } = await workspace.web.files.info({ file: id });
  const url = file!.url_private_download!;
  expect(await (await download(url)).text()).toBe('0123456789');
  for (const headers of [{}, { authorization: 'Bearer xoxb-other' }]) {
    const refused = await request(url, headers as Record<string, string>);
    expect(refused.status).toBe(302);
    const page = await fetch(refused.headers.get('location')!);
    expect(page.headers.get('content-type')).toContain('text/html');
  }
});

test.each([
  ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
  ['bytes=7-', 206, '789', 'bytes 7-9/10'],
  ['bytes=-2', 206, '89', 'bytes 8-9/10'],
  ['bytes=10-', 416, '', 'bytes */10'],
])('the range %s is answered with %i', async (range, status, text, contentRange) => {
  const { id } = await workspace.upload('talk.mp3', new TextEncoder().encode('0123456789'));
  const { file } = await workspace.web.files.info({ file: id });
  const answer = await download(file!.url_private!, { range });
  expect([answer.status, await answer.text(), answer.headers.get('content-range')]).toEqual([
    status,
    text,
    contentRange,
  ]);
});

test('a download ends at a presigned address of another host, which takes no token and no other signature', async () => {
  const { id } = await workspace.upload('talk.mp3', new TextEncoder().encode('0123456789'));
  const { file } = await workspace.web.files.info({ file: id });
  const address = (await request(file!.url_private_download!)).headers.get('location')!;
  expect(new URL(address).host).not.toBe(new URL(workspace.url).host);
  expect((await request(address)).status).toBe(400);
  expect((await request(address.replace(/signature=./, 'signature='), {})).status).toBe(403);
  expect(await (await request(address, {})).text()).toBe('0123456789');
});

test.each([
  ['notes.mp3', 'audio/mpeg', 'mp3'],
  ['TALK.M4A', 'audio/mp4', 'm4a'],
  ['clip.awb', 'application/octet-stream', 'binary'],
  ['New Recording 5', 'application/octet-stream', 'binary'],
  ['speech.spx', 'application/octet-stream', 'binary'],
])('Slack goes by the name alone: %s is %s', async (name, mimetype, filetype) => {
  const { mimetype: seen, filetype: kind } = await workspace.upload(name, png());
  expect([seen, kind]).toEqual([mimetype, filetype]);
});

test('a path in a name is cut off', async () => {
  expect((await workspace.upload('../../etc/passwd', png())).name).toBe('passwd');
});

test('an empty file can be posted by a person', async () => {
  const file = await workspace.upload('empty.wav', new Uint8Array());
  const { files } = await workspace.say('', { files: [file.id] });
  expect(files).toMatchObject([{ size: 0, mimetype: 'audio/wav' }]);
  const { file: seen } = await workspace.web.files.info({ file: file.id });
  expect(await (await download(seen!.url_private!)).text()).toBe('');
});

test('a deleted file is a tombstone in its message, gone for the Web API and for downloads', async () => {
  const { id } = await workspace.upload('talk.wav', new TextEncoder().encode('RIFF'));
  await workspace.say('', { files: [id] });
  const { file } = await workspace.web.files.info({ file: id });
  await workspace.ask('DELETE', `files/${id}?as=ana`);
  expect(await errorOf(workspace.web.files.info({ file: id }))).toBe('file_deleted');
  expect((await download(file!.url_private!)).status).toBe(404);
  const { messages } = await workspace.web.conversations.history({ channel: workspace.general });
  expect(messages![0]!.files).toEqual([{ id, mode: 'tombstone' }]);
});
