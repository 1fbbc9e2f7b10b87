import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { buildManifest } from '../../src/bot/manifest.ts';
import { silentLog } from '../media/support.ts';
import { startProcess } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** `npm run doctor -- --try CHANNEL`, as on the first day with a token, against the simulated Slack. */

const TOKENS = { botToken: 'xoxb-doctor-0123456789', appToken: 'xapp-doctor-0123456789' };
const { scopes } = buildManifest({ commands: { main: '/parley', short: [] }, requestUrl: null }).oauth_config;
const closers: (() => unknown)[] = [];
let slack: Awaited<ReturnType<typeof startSlack>>;
let directory: string;
beforeEach(async () => {
  const temporary = temporaryDirectory();
  closers.push(temporary.remove);
  directory = temporary.directory;
  slack = await startSlack({
    dataDir: null,
    port: 0,
    ...TOKENS,
    signingSecret: 'a-signing-secret-0123456789',
    app: { scopes: scopes.bot },
    log: silentLog,
  });
  closers.push(() => slack.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const control = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${slack.url}/control/${path}`)).json()) as T;

const run = async (args: readonly string[], env: Record<string, string> = {}) => {
  const running = startProcess('scripts/doctor.ts', [...args], { DATA_DIR: directory, ...env });
  const { code } = await running.ended;
  return { code, output: running.output() };
};

describe('npm run doctor -- --try', () => {
  it('says what is true here, and leaves nothing', async () => {
    const { code, output } = await run(['--try', '#general'], {
      SLACK_BOT_TOKEN: TOKENS.botToken,
      SLACK_APP_TOKEN: TOKENS.appToken,
      SLACK_API_URL: slack.apiUrl,
    });
    expect(output).toMatch(/ok +Workspace: parley in Local workspace/);
    expect(output).toMatch(
      /ok +Result: a message was edited into \d+ blocks with the unshared chart, and 4000 char/,
    );
    expect(output).toMatch(/ok +Download: 12000 bytes over 127\.0\.0\.1:\d+, then 127\.0\.0\.1:\d+/);
    expect(output).toMatch(/ok +Clean-up: 3 messages and 1 file deleted/);
    expect(output).toMatch(/All checks passed\./);
    expect(output).not.toContain(TOKENS.botToken);
    expect(code).toBe(0);
    const { messages } = await control<{ messages: StoredMessage[] }>('messages?channel=general');
    // What one person alone was shown cannot be deleted, and is gone once they reload.
    expect(messages.filter(({ ephemeral_to }) => ephemeral_to === undefined)).toEqual([]);
  });

  it('says what it needs where there is no Slack to try', async () => {
    const { code, output } = await run(['--try', 'general']);
    expect(output).toMatch(/FAILED +Slack: there is no Slack to try anything in/);
    expect(code).toBe(1);
  });
});
