import { expect, it } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { toRefusal } from '../../src/bot/api/refusal.ts';
import { createSharedFiles } from '../../src/bot/files/shared.ts';
import type { ChannelId, FileId, WorkspaceId } from '../../src/core/ids.ts';
import { faultOf } from '../support/fault.ts';

const FILE = { id: 'F1', name: 'talk.mp3', mimetype: 'audio/mpeg', size: 7, user: 'U9' };
const SHARED = { private: { G1: [{ ts: '2.0', thread_ts: '1.0' }, { ts: '1.5' }] } };

/** What Slack answers, by method. */
const lookUp = (answers: Record<string, object | Error>, channelId = 'G1') => {
  const asked: string[] = [];
  const api: Api = {
    async call(method, _args, response) {
      asked.push(method);
      const answer = answers[method];
      if (answer instanceof Error) throw answer;
      return response.parse(answer);
    },
  };
  const where = { workspaceId: 'T1' as WorkspaceId, channelId: channelId as ChannelId };
  return { asked, found: createSharedFiles({ api }).sharedRecording(where, 'F1' as FileId) };
};
const posts = (...messages: object[]) => ({ messages });
const ROOT = { ts: '1.0', user: 'U5' };

it('the newest message that shares a file in the channel is the one', async () => {
  const { found } = lookUp({
    'files.info': { file: { ...FILE, shares: SHARED } },
    'conversations.replies': posts(ROOT, { ts: '2.0', thread_ts: '1.0', user: 'U2' }),
  });
  expect(await found).toMatchObject({
    thread: { channelId: 'G1', rootId: '1.0' },
    postedIn: '2.0',
    by: 'U2',
    approach: 'posted',
    files: [{ fileId: 'F1', name: 'talk.mp3' }],
  });
});

it('where the file does not name its messages, the latest of the channel do', async () => {
  const messages = [
    { ts: '3.0', user: 'U3' },
    { ts: '2.5', user: 'U4', files: [{ id: 'F0', name: 'first.mp3' }, FILE] },
  ];
  const { found } = lookUp({
    'files.info': { file: FILE },
    'conversations.history': { messages },
  });
  expect(await found).toMatchObject({
    postedIn: '2.5',
    thread: { rootId: '2.5' },
    by: 'U4',
    files: [{ name: 'first.mp3' }, { name: 'talk.mp3' }],
  });
});

it('a file whose message is not there yet is looked for again', async () => {
  const { found } = lookUp({ 'files.info': { file: FILE }, 'conversations.history': { messages: [] } });
  expect(await faultOf(found)).toMatchObject({ code: 'chat-failed', retryable: true });
});

it.each<[string, Record<string, object | Error>, number]>([
  ['is no recording', { 'files.info': { file: { ...FILE, name: 'a.png', mimetype: 'image/png' } } }, 1],
  ['is not there any more', { 'files.info': toRefusal('file_deleted') }, 1],
  [
    'was shared by an app or a workflow',
    {
      'files.info': { file: { ...FILE, shares: SHARED } },
      'conversations.replies': posts(ROOT, { ts: '2.0', thread_ts: '1.0', user: 'U2', bot_id: 'B1' }),
    },
    2,
  ],
  [
    'was shared by a message that is deleted',
    { 'files.info': { file: { ...FILE, shares: SHARED } }, 'conversations.replies': posts(ROOT) },
    2,
  ],
])('a file that %s is nothing to transcribe', async (_what, answers, calls) => {
  const { found, asked } = lookUp(answers);
  expect(await found).toBeNull();
  expect(asked).toHaveLength(calls);
});

it('in a direct message, a file of unknown kind is one to try', async () => {
  const shares = { private: { D1: [{ ts: '2.0' }] } };
  const file = { ...FILE, name: 'New Recording 5', mimetype: 'application/octet-stream', shares };
  const messages = posts({ ts: '2.0', user: 'U2' });
  const { found } = lookUp({ 'files.info': { file }, 'conversations.replies': messages }, 'D1');
  expect(await found).toMatchObject({ approach: 'addressed', by: 'U2' });
});
