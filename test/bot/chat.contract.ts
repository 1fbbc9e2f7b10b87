import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type {
  Channel,
  ChannelId,
  FileId,
  MemberId,
  MessageId,
  Thread,
  WorkspaceId,
} from '../../src/core/ids.ts';
import type { Chat, PostedMessage } from '../../src/core/ports.ts';
import type { ThreadMessage } from '../../src/core/thread-message.ts';
import type { ChatFault } from '../fakes/memory-chat.ts';
import { faultOf } from '../support/fault.ts';
import { until } from '../support/until.ts';
import { PNG, resultOf, SHORT } from './support/conversation.ts';

/** A message as a test of the port sees it. */
interface SeenMessage {
  readonly messageId: MessageId;
  readonly text: string;
  readonly key: string | null;
  readonly fileIds: readonly FileId[];
  readonly ephemeralTo: MemberId | null;
}

/** An implementation of the Chat port, and the workspace behind it. */
export interface ChatUnderTest {
  readonly chat: Chat;
  /** A workspace admin without a phone number. */
  readonly ana: MemberId;
  /** A member with the phone number +44 20 7946 0102. */
  readonly ben: MemberId;
  /** Adds a person of elsewhere, in a channel that is shared. */
  addPerson(elsewhere: 'another-workspace' | 'another-organization'): Promise<MemberId>;
  readonly workspaceId: WorkspaceId;
  deleteRoot(thread: Thread): Promise<void>;
  /** A thread under a new message of Ana's, always in the same channel. */
  newThread(): Promise<Thread>;
  /** The messages of a thread without its root, or the top-level messages of a channel; oldest first. */
  messages(where: Channel | Thread): Promise<readonly SeenMessage[]>;
  directMessages(memberId: MemberId): Promise<readonly SeenMessage[]>;
  /** Puts a file of Ana's into the workspace. */
  addFile(name: string, bytes: Uint8Array<ArrayBuffer>): Promise<FileId>;
  removeFile(fileId: FileId): Promise<void>;
  archive(channelId: ChannelId, archived: boolean): Promise<void>;
  fail(fault: ChatFault, times?: number): Promise<void>;
  /** Ends all faults. */
  recover(): Promise<void>;
  close(): Promise<void>;
}

const progress: ThreadMessage = { kind: 'progress', title: 'weekly.mp3', stage: { name: 'waiting' } };
const failure: ThreadMessage = {
  kind: 'failure',
  conversationId: 'c1' as never,
  title: 'weekly.mp3',
  sentence: 'It broke.',
  mayRetry: true,
};
const drawing: ThreadMessage = { kind: 'progress', title: 'weekly.mp3', stage: { name: 'drawing' } };
const IMAGE = { name: 'chart.png', title: 'Chart', altText: 'Pie chart' };
const TEXT = { name: '../path/weekly.txt', title: 'weekly.txt', bytes: new TextEncoder().encode('Hello') };
const signal = new AbortController().signal;
const channelOf = ({ workspaceId, channelId }: Thread): Channel => ({ workspaceId, channelId });

/** What every implementation of the Chat port does. */
export const describeChat = (name: string, open: () => Promise<ChatUnderTest>): void => {
  describe(`the Chat port: ${name}`, () => {
    let under: ChatUnderTest;
    let chat: Chat;
    beforeAll(async () => {
      under = await open();
      chat = under.chat;
    });
    afterAll(() => under.close());
    beforeEach(() => under.recover());

    const oneMessage = async (where: Channel | Thread): Promise<SeenMessage> => {
      const messages = await under.messages(where);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    };
    /** Ids of the files that are shared in the thread, once there are some. */
    const sharedIn = (thread: Thread): Promise<FileId[]> =>
      until(async () => {
        const ids = (await under.messages(thread)).flatMap(({ fileIds }) => fileIds);
        return ids.length > 0 && ids;
      });

    describe('a message', () => {
      test('is posted in its thread, found by its key, and edited in place', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'status:c1');
        expect(posted.channelId).toBe(thread.channelId);
        const first = await oneMessage(thread);
        expect(first).toMatchObject({ messageId: posted.messageId, key: 'status:c1', fileIds: [] });
        expect(first.text).toMatch(/^weekly\.mp3: .+/);
        expect(posted).toMatchObject((await chat.find(thread, 'status:c1'))!);
        expect(await chat.find(thread, 'status:c2')).toBeNull();
        expect(await chat.find(await under.newThread(), 'status:c1')).toBeNull();

        await chat.edit(thread.workspaceId, posted, failure);
        const after = await oneMessage(thread);
        expect(after).toMatchObject({ messageId: posted.messageId, text: 'weekly.mp3: It broke.' });
        // Only an interrupted post is looked for, and this one is known by now.
        expect(await chat.find(thread, 'status:c1')).toBeNull();
      });

      test('of the channel itself is found there, and others post in its thread', async () => {
        const { workspaceId, channelId } = await under.newThread();
        const card = await chat.postCard(workspaceId, channelId, failure, 'card:m1');
        expect(card).toMatchObject((await chat.findCard(workspaceId, channelId, 'card:m1'))!);
        expect(await chat.findCard(workspaceId, channelId, 'card:m2')).toBeNull();
        const thread = { workspaceId, channelId, rootId: card.messageId };
        const below = await chat.post(thread, failure, 'captions:m1');
        expect((await oneMessage(thread)).messageId).toBe(below.messageId);
        expect(await chat.findCard(workspaceId, channelId, 'captions:m1')).toBeNull();
      });

      test('whose response is lost was posted once, and is found by its key', async () => {
        const thread = await under.newThread();
        await under.fail('lost-response', 1);
        const fault = await faultOf(chat.post(thread, progress, 'status:lost'));
        expect(fault).toMatchObject({ code: 'chat-failed', retryable: true });
        const { messageId } = await oneMessage(thread);
        expect((await chat.find(thread, 'status:lost'))?.messageId).toBe(messageId);
      });

      test('is posted in spite of a short rate limit', async () => {
        const thread = await under.newThread();
        await under.fail('rate-limit', 1);
        await chat.post(thread, progress, 'status:limited');
        await oneMessage(thread);
      });

      test('is refused under a lasting rate limit, with how long to wait', async () => {
        const thread = await under.newThread();
        await under.fail('rate-limit');
        const fault = await faultOf(chat.post(thread, progress, 'status:limited'));
        expect(fault).toMatchObject({ code: 'chat-failed', retryable: true, retryAfterMs: 1_000 });
        expect(await under.messages(thread)).toEqual([]);
      });

      test('is not edited into progress under a rate limit, and is edited into an outcome', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'status:c1');
        const before = (await oneMessage(thread)).text;
        await under.fail('rate-limit', 1);
        await chat.edit(thread.workspaceId, posted, drawing);
        expect((await oneMessage(thread)).text).toBe(before);
        await under.fail('rate-limit', 1);
        await chat.edit(thread.workspaceId, posted, failure);
        expect((await oneMessage(thread)).text).toContain('It broke.');
      });

      test('is edited although a response is lost', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'status:c1');
        await under.fail('lost-response', 1);
        await chat.edit(thread.workspaceId, posted, drawing);
        expect((await oneMessage(thread)).text).not.toBe('');
      });

      test('that does not exist cannot be edited', async () => {
        const { workspaceId, channelId } = await under.newThread();
        const posted: PostedMessage = { channelId, messageId: '1.000001' as MessageId };
        expect(await faultOf(chat.edit(workspaceId, posted, failure))).toMatchObject({
          code: 'recording-gone',
          retryable: false,
        });
      });

      test('is removed, and removing it twice is no fault', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'status:c1');
        await chat.remove(thread.workspaceId, posted);
        expect(await under.messages(thread)).toEqual([]);
        await chat.remove(thread.workspaceId, posted);
      });

      test('with a chart that does not exist is posted without it', async () => {
        const thread = await under.newThread();
        const chart = { fileId: 'F0NOSUCH' as FileId, altText: 'x' };
        const posted = await chat.post(thread, resultOf(SHORT, { message: { chart } }), 'k');
        expect(posted.whole).toBe(true);
        expect((await oneMessage(thread)).text).toContain('2 speakers');
      });
    });

    test.each([
      ['not-in-channel', 'not-in-channel', false],
      ['unavailable', 'chat-failed', true],
    ] as const)('under the fault %s a post fails with %s, retryable: %s', async (fault, code, retryable) => {
      const thread = await under.newThread();
      await under.fail(fault);
      expect(await faultOf(chat.post(thread, progress, 'k'))).toMatchObject({ code, retryable });
    });

    test('a channel that is archived takes neither posts nor edits nor files', async () => {
      const thread = await under.newThread();
      const posted = await chat.post(thread, progress, 'k');
      await under.archive(thread.channelId, true);
      const faults = [
        await faultOf(chat.post(thread, progress, 'k')),
        await faultOf(chat.edit(thread.workspaceId, posted, failure)),
      ];
      const ofFile = await faultOf(chat.shareFile(thread, TEXT, { resume: null, reserved: async () => {} }));
      await under.archive(thread.channelId, false);
      for (const fault of faults) expect(fault).toMatchObject({ code: 'channel-archived', retryable: false });
      // Of a file Slack says only that it may not be posted there.
      expect(ofFile).toMatchObject({ retryable: false });
    });

    describe('one member', () => {
      test('gets a message that is found by its key, and a file below it, once', async () => {
        const { workspaceId } = await under.newThread();
        expect(await chat.findPrivate(workspaceId, under.ben, 'private:c1')).toBeNull();
        await chat.postPrivately(workspaceId, under.ana, failure, 'private:c1');
        const posted = await chat.postPrivately(workspaceId, under.ben, failure, 'private:c1');
        expect(posted).toMatchObject((await chat.findPrivate(workspaceId, under.ben, 'private:c1'))!);
        expect(await chat.findPrivate(workspaceId, under.ben, 'private:c2')).toBeNull();

        const where = { workspaceId, channelId: posted.channelId };
        const ids: FileId[] = [];
        const reserved = async (id: FileId) => void ids.push(id);
        await under.fail('lost-response', 1);
        await faultOf(chat.shareFile(where, TEXT, { resume: null, reserved }));
        expect(await chat.shareFile(where, TEXT, { resume: ids[0]!, reserved })).toBe(ids[0]);
        const [message, file, ...more] = await until(async () => {
          const sent = await under.directMessages(under.ben);
          return sent.length > 1 && sent;
        });
        expect(message).toMatchObject({ messageId: posted.messageId, text: 'weekly.mp3: It broke.' });
        expect(file!.fileIds).toEqual(ids);
        expect(more).toEqual([]);
      });

      test('sees an ephemeral message in the thread, as plain text', async () => {
        const thread = await under.newThread();
        await chat.post(thread, failure, 'k');
        await chat.postEphemeral(thread, under.ana, 'No one speaks in <this>.');
        expect((await under.messages(thread)).at(-1)).toMatchObject({
          ephemeralTo: under.ana,
          text: 'No one speaks in &lt;this&gt;.',
        });
      });

      test('sees it in the channel where the thread has no reply: Slack would show it nowhere', async () => {
        const { rootId, ...channel } = await under.newThread();
        await chat.postEphemeral({ ...channel, rootId }, under.ana, 'No one speaks in it.');
        expect((await under.messages(channel)).at(-1)).toMatchObject({
          ephemeralTo: under.ana,
          text: 'No one speaks in it.',
        });
      });

      test('gets it as a direct message, with the channel, where Parley is not in the channel', async () => {
        const thread = await under.newThread();
        await under.fail('not-in-channel');
        await chat.postEphemeral(thread, under.ana, 'No one speaks in <this>.');
        const last = (await under.directMessages(under.ana)).at(-1)!;
        expect(last.text).toBe(`In <#${thread.channelId}>: No one speaks in &lt;this&gt;.`);
        expect(await under.messages(thread)).toEqual([]);
      });

      test('is not told when the service is unavailable, and nothing is thrown', async () => {
        const thread = await under.newThread();
        await under.fail('unavailable');
        await chat.postEphemeral(thread, under.ana, 'hello');
        await chat.refreshHome(thread.workspaceId, under.ana);
        await under.recover();
        expect(await under.messages(thread)).toEqual([]);
      });
    });

    test('has the address of a thread, and none of a message that there is not', async () => {
      const thread = await under.newThread();
      const address = await chat.permalink(thread);
      expect(address).toMatch(/^https?:\/\//);
      expect(address).toContain(thread.channelId);
      expect(await chat.permalink({ ...thread, rootId: '1.000001' as MessageId })).toBeNull();
    });

    describe('members', () => {
      test('have a name, which is the id where there is none', async () => {
        const { workspaceId } = await under.newThread();
        expect(await chat.memberName(workspaceId, under.ana)).toBe('Ana Brandão');
        expect(await chat.memberName(workspaceId, 'U0NOBODY' as MemberId)).toBe('U0NOBODY');
      });

      test('may have a phone number', async () => {
        const { workspaceId } = await under.newThread();
        expect(await chat.memberPhone(workspaceId, under.ben)).toBe('+44 20 7946 0102');
        expect(await chat.memberPhone(workspaceId, under.ana)).toBeNull();
        expect(await chat.memberPhone(workspaceId, 'U0NOBODY' as MemberId)).toBeNull();
      });

      test('of another organization are told from those of another workspace of the same', async () => {
        const { workspaceId } = await under.newThread();
        const neighbour = await under.addPerson('another-workspace');
        const guest = await under.addPerson('another-organization');
        const external = (memberId: MemberId) => chat.isExternal(workspaceId, memberId);
        expect(await external(under.ana)).toBe(false);
        expect(await external(neighbour)).toBe(false);
        expect(await external(guest)).toBe(true);
        expect(await chat.isAdmin(workspaceId, guest)).toBe(false);
        expect(await chat.isAdmin(workspaceId, neighbour)).toBe(false);
        expect(await external('U0NOBODY' as MemberId)).toBe(true);
      });

      test('may be admins, as far as the service can say', async () => {
        const { workspaceId } = await under.newThread();
        expect(await chat.isAdmin(workspaceId, under.ana)).toBe(true);
        expect(await chat.isAdmin(workspaceId, under.ben)).toBe(false);
        const fault = await faultOf(chat.isAdmin(workspaceId, 'U0NOBODY' as MemberId));
        expect(fault).toMatchObject({ code: 'chat-failed', retryable: false });
      });
    });

    describe('a file of Parley', () => {
      test('is shared in the thread under its bare name, and its id is known before it shows', async () => {
        const thread = await under.newThread();
        const ids: FileId[] = [];
        const fileId = await chat.shareFile(thread, TEXT, {
          resume: null,
          reserved: async (id) => {
            ids.push(id);
            expect(await under.messages(thread)).toEqual([]);
          },
        });
        expect(ids).toEqual([fileId]);
        expect(await sharedIn(thread)).toEqual([fileId]);
        const { name, bytes } = await chat.openFile(thread.workspaceId, fileId, { signal });
        expect(name).toBe('weekly.txt');
        expect(await textOf(bytes)).toBe('Hello');
      });

      test('whose bytes did not arrive is reserved again', async () => {
        const thread = await under.newThread();
        const ids: FileId[] = [];
        const killed = chat.shareFile(thread, TEXT, {
          resume: null,
          reserved: async (id) => {
            ids.push(id);
            throw new Error('killed');
          },
        });
        await faultOf(killed);
        const fileId = await chat.shareFile(thread, TEXT, {
          resume: ids[0]!,
          reserved: async (id) => void ids.push(id),
        });
        expect(ids).toEqual([ids[0], fileId]);
        expect(fileId).not.toBe(ids[0]);
        expect(await sharedIn(thread)).toEqual([fileId]);
      });

      test('whose response is lost is resumed, and not shared twice', async () => {
        const thread = await under.newThread();
        const ids: FileId[] = [];
        const reserved = async (id: FileId) => void ids.push(id);
        await under.fail('lost-response', 1);
        const fault = await faultOf(chat.shareFile(thread, TEXT, { resume: null, reserved }));
        expect(fault.retryable).toBe(true);
        expect(await chat.shareFile(thread, TEXT, { resume: ids[0]!, reserved })).toBe(ids[0]);
        expect(await sharedIn(thread)).toEqual([ids[0]]);
        expect(await chat.shareFile(thread, TEXT, { resume: ids[0]!, reserved })).toBe(ids[0]);
        expect(await sharedIn(thread)).toEqual([ids[0]]);
        expect(ids).toHaveLength(1);
      });

      test('is deleted with its message, and deleting it twice is no fault', async () => {
        const thread = await under.newThread();
        const fileId = await chat.shareFile(thread, TEXT, { resume: null, reserved: async () => {} });
        await sharedIn(thread);
        await chat.deleteFile(thread.workspaceId, fileId);
        expect((await under.messages(thread)).flatMap(({ fileIds }) => fileIds)).toEqual([]);
        await chat.deleteFile(thread.workspaceId, fileId);
      });

      test('that is an image is shared nowhere, and ready for a message', async () => {
        const thread = await under.newThread();
        const fileId = await chat.uploadImage(thread.workspaceId, { ...IMAGE, bytes: PNG });
        expect(await under.messages(thread)).toEqual([]);
        const message = resultOf(SHORT, { message: { chart: { fileId, altText: 'Pie' } } });
        const posted = await chat.post(thread, message, 'k');
        expect((await oneMessage(thread)).messageId).toBe(posted.messageId);
      });
    });

    describe('a file of a person', () => {
      const CONTENT = new Uint8Array(Buffer.alloc(200_000, 'abc'));

      test('is read front to back', async () => {
        const { workspaceId } = await under.newThread();
        const fileId = await under.addFile('talk.mp3', CONTENT);
        const recording = await chat.openFile(workspaceId, fileId, { signal });
        expect(recording).toMatchObject({ name: 'talk.mp3', sizeBytes: CONTENT.byteLength });
        expect(await textOf(recording.bytes)).toBe(new TextDecoder().decode(CONTENT));
      });

      test.each([
        [
          'a part',
          'bytes=3-8',
          206,
          'abcabc',
          { 'content-length': '6', 'content-range': 'bytes 3-8/200000' },
        ],
        ['its end', 'bytes=199997-', 206, 'cab', { 'content-length': '3' }],
        ['the whole', null, 200, new TextDecoder().decode(CONTENT), { 'content-length': '200000' }],
        ['nothing outside', 'bytes=900000-', 416, null, {}],
      ] as const)('is read by range: %s', async (_part, range, status, text, headers) => {
        const { workspaceId } = await under.newThread();
        const fileId = await under.addFile('talk.mp3', CONTENT);
        const response = await chat.openFileRange(workspaceId, fileId, range, signal);
        expect(response).toMatchObject({ status, headers });
        const read = await textOf(response.bytes);
        if (text !== null) expect(read).toBe(text);
      });

      test('that is deleted is gone', async () => {
        const { workspaceId } = await under.newThread();
        const fileId = await under.addFile('talk.mp3', CONTENT);
        await under.removeFile(fileId);
        const fault = await faultOf(chat.openFile(workspaceId, fileId, { signal }));
        expect(fault).toMatchObject({ code: 'recording-deleted', retryable: false });
      });
    });

    test('says whether a result shows its whole transcript', async () => {
      const thread = await under.newThread();
      const show = (words: typeof SHORT) =>
        chat.post(thread, resultOf(words, { message: { chart: null } }), 'k');
      expect((await show(SHORT)).whole).toBe(true);
      expect((await show(Array.from({ length: 400 }, () => SHORT).flat())).whole).toBe(false);
    });

    describe('what the service does not take', () => {
      const chart = () => chat.uploadImage(under.workspaceId, { ...IMAGE, bytes: PNG });
      const result = async () =>
        resultOf(SHORT, { message: { chart: { fileId: await chart(), altText: 'Talk time' } } });

      test.each([
        [1, true],
        [2, false],
        [3, false],
      ])('is posted in a simpler form after %i refusals', async (times, whole) => {
        const thread = await under.newThread();
        const message = await result();
        await under.fail('form-refused', times);
        const posted = await chat.post(thread, message, 'k');
        expect(posted.whole).toBe(whole);
        expect((await oneMessage(thread)).text).toContain('weekly.mp3 · 0:09 · 2 speakers');
        expect((await chat.find(thread, 'k'))?.messageId).toBe(posted.messageId);
      });

      test('is edited in without its picture, then without its transcript, and then needs another message', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'k');
        const message = await result();
        for (const [times, whole] of [
          [1, true],
          [2, false],
        ] as const) {
          await under.fail('form-refused', times);
          expect((await chat.edit(thread.workspaceId, posted, message)).whole).toBe(whole);
        }
        await under.fail('form-refused', 3);
        const fault = await faultOf(chat.edit(thread.workspaceId, posted, message));
        expect(fault).toMatchObject({ code: 'edit-refused', retryable: false });
      });

      test('is not edited where a message can’t be changed any more; progress is passed over', async () => {
        const thread = await under.newThread();
        const posted = await chat.post(thread, progress, 'k');
        await under.fail('edit-refused');
        await chat.edit(thread.workspaceId, posted, drawing);
        const fault = await faultOf(chat.edit(thread.workspaceId, posted, failure));
        expect(fault).toMatchObject({ code: 'edit-refused' });
      });
    });

    test('a file that the workspace does not take says why, for a member and for an admin', async () => {
      const thread = await under.newThread();
      await under.fail('file-refused');
      const fault = await faultOf(chat.shareFile(thread, TEXT, { resume: null, reserved: async () => {} }));
      expect(fault).toMatchObject({ code: 'file-refused', retryable: false });
      expect(fault.userMessage).toMatch(/^File uploads are turned off .* Ask a workspace admin/);
      expect(fault.adminMessage).toContain('allow them in the workspace’s settings');
    });

    test('a reply whose root is gone is taken back: it would stand in the channel for everyone', async () => {
      const thread = await under.newThread();
      await under.deleteRoot(thread);
      const before = await under.messages(channelOf(thread));
      const fault = await faultOf(chat.post(thread, failure, 'k'));
      expect(fault).toMatchObject({ code: 'recording-gone', retryable: false });
      expect(await under.messages(channelOf(thread))).toEqual(before);
    });
  });
};

const textOf = async (bytes: AsyncIterable<Uint8Array>): Promise<string> =>
  Buffer.concat(await Array.fromAsync(bytes)).toString();
