import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  await sandbox?.close();
});

test('only the stand-ins that are asked for are started, with credentials that they accept', async () => {
  sandbox = await startSandbox({ dataDir: null, slack: { page: false }, engine: null, log });
  expect(sandbox.engine).toBeNull();
  const { apiUrl, botToken, url } = sandbox.slack!;
  expect(await new WebClient(botToken, { slackApiUrl: apiUrl }).auth.test()).toMatchObject({ ok: true });
  const state = (await (await fetch(`${url}/control/state`)).json()) as { samples: object[] };
  expect(state.samples.length).toBeGreaterThan(0);
});

test('credentials are made up once for a data directory, readable by its owner only', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  const open = () => startSandbox({ dataDir, slack: { page: false }, engine: null, log });
  sandbox = await open();
  const first = sandbox.slack!.botToken;
  await sandbox.close();
  sandbox = await open();
  expect(sandbox.slack!.botToken).toBe(first);
  expect(statSync(join(dataDir, 'credentials.json')).mode & 0o077).toBe(0);
  await sandbox.close();
  rmSync(dataDir, { recursive: true });
});
