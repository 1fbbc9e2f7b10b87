import { afterEach, describe, expect, test } from 'vitest';
import type { ApiCall, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { type Tried, trySlack } from '../../src/bot/trial/index.ts';
import { systemClock } from '../../src/clock.ts';
import { createPublicWeb } from '../../src/links/index.ts';
import { silentLog } from '../media/support.ts';
import { APP_TOKEN, BOT_TOKEN, type OpenWorkspace, openWorkspace } from '../sandbox/slack/workspace.ts';

let workspace: OpenWorkspace | null = null;
afterEach(async () => {
  await workspace?.close();
  workspace = null;
});

/** Opens a workspace with these failure modes, and tries what works in it. */
const tryWith = async (
  failures: readonly string[] = [],
  { channel = 'general', stopAfter }: { channel?: string; stopAfter?: string } = {},
) => {
  workspace = await openWorkspace({ app: { enforceLimits: false } });
  const { apiUrl, ask } = workspace;
  await workspace.fail(...failures);
  const web = createPublicWeb({ allowPrivate: () => true });
  const stopping = new AbortController();
  const tried: Tried[] = [];
  await trySlack({
    config: { botToken: BOT_TOKEN, mode: { type: 'socket', appToken: APP_TOKEN }, apiUrl },
    web,
    channel,
    report(one) {
      tried.push(one);
      if (one.check === stopAfter) stopping.abort();
    },
    signal: stopping.signal,
    clock: systemClock,
    log: silentLog,
  });
  await web.close();
  await workspace.fail();
  const { messages } = await ask<{ messages: StoredMessage[] }>('GET', 'messages?channel=general');
  const { calls } = await ask<{ calls: ApiCall[] }>('GET', 'calls');
  const succeeded = (method: string) =>
    calls.filter((call) => call.method === method && call.status === 200 && call.error === undefined).length;
  return {
    of: (check: string) => tried.find((one) => one.check === check),
    states: (state: Tried['state']) => tried.filter((one) => one.state === state).map(({ check }) => check),
    /** What others would still see. */
    left: messages.filter(({ ephemeral_to }) => ephemeral_to === undefined),
    filesLeft: succeeded('files.completeUploadExternal') - succeeded('files.delete'),
  };
};

describe('a trial of Slack', () => {
  test('tries everything, and leaves nothing behind', async () => {
    const { of, states, left, filesLeft } = await tryWith();
    expect(states('ok')).toHaveLength(13);
    expect(of('Result')!.message).toContain('4000 characters of Japanese text');
    expect(of('Download')!.message).toMatch(/^12000 bytes over 127\.0\.0\.1:\d+/);
    expect([left, filesLeft]).toEqual([[], 0]);
  });

  test.each([
    ['a message whose response is lost', ['lost-responses:1'], 'Message'],
    ['files that it may not read', ['missing-files-scope'], 'Chart'],
    ['a file that Slack processes slowly', ['slow-file-processing', 'missing-files-scope'], 'File'],
    ['a download that breaks off', ['truncated-downloads'], 'Download'],
    ['a download that is a login page', ['download-login-page'], 'Download'],
  ])('leaves nothing behind after %s', async (_what, failures, check) => {
    const { of, left, filesLeft } = await tryWith(failures);
    expect(of(check)!.state).toBe('failed');
    expect(of('Clean-up')!.state).toBe('ok');
    expect([left, filesLeft]).toEqual([[], 0]);
  });

  test('leaves nothing behind when it is stopped half way', async () => {
    const { of, left, filesLeft } = await tryWith([], { stopAfter: 'Chart' });
    expect(of('Result')).toMatchObject({ state: 'skipped', message: expect.stringContaining('you stopped') });
    expect([left, filesLeft]).toEqual([[], 0]);
  });

  test('does not try what needs a step that failed', async () => {
    const { of, states } = await tryWith(['missing-files-scope']);
    expect(states('failed')).toEqual(['Chart', 'File']);
    expect(of('Result')!.message).toBe('not tried, since it needs: Chart');
    expect(of('Chart')!.message).toMatch(/files:read.*\(missing_scope\)$/);
  });

  test('takes a workspace without blocks.validate for what it is', async () => {
    const { of, states } = await tryWith(['no-blocks-validate']);
    expect(states('failed')).toEqual([]);
    expect(of('blocks.validate')).toMatchObject({ state: 'skipped', message: 'not available here' });
  });

  test('says what stays when it cannot delete', async () => {
    const { of } = await tryWith(['bot-not-in-channel']);
    expect(of('Message')!.state).toBe('failed');
    expect(of('Clean-up')).toMatchObject({ state: 'failed', advice: expect.stringContaining('by hand') });
  });

  test.each([
    ['a channel that it is not in', 'quiet', 'Parley is in no channel called quiet'],
    ['a channel that does not exist', '#nowhere', 'Parley is in no channel called #nowhere'],
  ])('posts nothing in %s', async (_which, channel, message) => {
    const { of, states } = await tryWith([], { channel });
    expect(states('failed')).toEqual(['Channel']);
    expect(of('Channel')!.message).toBe(message);
  });
});
