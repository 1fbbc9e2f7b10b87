import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import type { RecordingId } from '../../src/core/ids.ts';
import { createRecordings, type Recordings } from '../../src/telephony/recordings.ts';
import { faultOf } from '../support/fault.ts';
import { ACCOUNT, AUTH_TOKEN, rememberingLog } from './support.ts';

// The timeouts are those of the HTTP client, which has a clock of its own, and looks at it every second.

let server: Server;
let recordings: Recordings;
afterEach(async () => {
  await recordings.close();
  server.closeAllConnections();
  server.close();
});

const open = async (listener: RequestListener) => {
  server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  recordings = createRecordings({
    accountSid: ACCOUNT,
    authToken: AUTH_TOKEN,
    apiUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    timeoutMs: 50,
    log: rememberingLog(),
  });
  return recordings.open(`RE${'d'.repeat(32)}` as RecordingId, { signal: new AbortController().signal });
};
const RETRYABLE = { code: 'call-failed', retryable: true };

it('a recording can be retried when the network does not respond', async () => {
  expect(await faultOf(open(() => {}))).toMatchObject(RETRYABLE);
});

it('a recording can be retried when it stalls', async () => {
  const stalled = await open((_request, response) => void response.writeHead(200).write('abc'));
  expect(await faultOf(Array.fromAsync(stalled.bytes))).toMatchObject(RETRYABLE);
});
