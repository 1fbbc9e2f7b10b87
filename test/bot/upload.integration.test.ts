import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { createUploads } from '../../src/bot/files/upload.ts';
import type { WorkspaceId } from '../../src/core/ids.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { PNG } from './support/conversation.ts';

/** Takes the bytes of uploads. */
const server = createServer((request, response) => request.resume().on('end', () => response.end()));
let uploadUrl: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  uploadUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/upload`;
});
afterAll(() => void server.close());

/** Uploads an image to a Slack that knows its media type `afterMs` later; resolves with how that went. */
const uploading = async (afterMs: number): Promise<unknown> => {
  const clock = createVirtualClock();
  const beganMs = clock.monotonicMs();
  const { promise: polled, resolve: poll } = Promise.withResolvers<void>();
  const responses: Record<string, () => object> = {
    'files.getUploadURLExternal': () => ({ upload_url: uploadUrl, file_id: 'F1' }),
    'files.completeUploadExternal': () => ({ ok: true }),
    'files.info': () => {
      poll();
      const isProcessed = clock.monotonicMs() - beganMs >= afterMs;
      return { file: { id: 'F1', mimetype: isProcessed ? 'image/png' : '' } };
    },
  };
  const api: Api = { call: async (method, _args, response) => response.parse(responses[method]!()) };
  let outcome: unknown;
  const image = { name: 'chart.png', title: 'Chart', bytes: PNG };
  const upload = createUploads({ api, clock })
    .uploadImage('T1' as WorkspaceId, image)
    .then(
      (fileId) => {
        outcome = fileId;
      },
      (error: unknown) => {
        outcome = error;
      },
    );
  // The bytes travel over a real socket, which virtual time does not wait for.
  await polled;
  await clock.advanceUntil(() => outcome !== undefined);
  await upload;
  return outcome;
};

test.each([0, 5_000, 15_000])(
  'an image that Slack processes for %i ms is ready when its upload is done',
  async (ms) => {
    expect(await uploading(ms)).toBe('F1');
  },
);

test('an image that is not processed within half a minute can be uploaded again', async () => {
  expect(await uploading(30_000)).toMatchObject({ code: 'chat-failed', retryable: true });
});
