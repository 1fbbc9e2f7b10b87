import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebClient } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import type { PhonesState } from '../../sandbox/phones/control/contract.ts';
import type { WorkspaceState } from '../../sandbox/slack/control/contract.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let sandbox: Sandbox | undefined;
afterEach(async () => {
  await sandbox?.close();
  await sandbox?.close();
});

test('only the requested simulators are started, with credentials that they accept', async () => {
  sandbox = await startSandbox({ dataDir: null, slack: { page: false }, engine: null, log });
  expect(sandbox.engine).toBeNull();
  const { apiUrl, botToken, url } = sandbox.slack!;
  expect(await new WebClient(botToken, { slackApiUrl: apiUrl }).auth.test()).toMatchObject({ ok: true });
  const state = (await (await fetch(`${url}/control/state`)).json()) as { samples: object[] };
  expect(state.samples.length).toBeGreaterThan(0);
});

test('phones are controlled on the workspace’s address, and share its failure modes and credentials', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-test-'));
  // Of a version that knew no telephones.
  writeFileSync(join(dataDir, 'credentials.json'), JSON.stringify({ botToken: 'xoxb-before' }));
  const open = () =>
    startSandbox({
      dataDir,
      slack: { page: false },
      engine: null,
      phones: { incomingUrl: () => null },
      log,
    });
  sandbox = await open();
  expect(sandbox.slack!.botToken).toBe('xoxb-before');
  const { url, accountSid, authToken, number } = sandbox.phones!;
  const control = `${sandbox.slack!.url}/control`;
  const { parley, phones } = (await (await fetch(`${control}/phones`)).json()) as PhonesState;
  expect(parley).toBe(number);
  const people = (await (await fetch(`${control}/state`)).json()) as WorkspaceState;
  for (const { realName } of people.people.filter(({ isBot }) => !isBot)) {
    expect(phones.map(({ owner }) => owner)).toContain(realName);
  }
  const live = new WebSocket(`${control.replace('http', 'ws')}/phones/live`);
  const first = await new Promise<string>((resolve, reject) => {
    live.onmessage = ({ data }) => resolve(String(data));
    live.onerror = () => reject(new Error('The live socket did not open.'));
  });
  expect(JSON.parse(first)).toMatchObject({ parley: number });
  live.close();

  const { known } = (await (await fetch(`${control}/failures`)).json()) as { known: { name: string }[] };
  expect(known.map(({ name }) => name)).toEqual(expect.arrayContaining(['api-500', 'phone-api-429']));
  await fetch(`${control}/failures`, { method: 'PUT', body: '{"modes":["phone-api-429:1"]}' });
  const list = async (): Promise<number> => {
    const authorization = `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`;
    const path = `/2010-04-01/Accounts/${accountSid}/Calls.json`;
    return (await fetch(url + path, { headers: { authorization } })).status;
  };
  expect([await list(), await list()]).toEqual([429, 200]);
  await sandbox.close();
  sandbox = await open();
  expect(sandbox.phones).toMatchObject({ accountSid, authToken });
  await sandbox.close();
  rmSync(dataDir, { recursive: true });
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
