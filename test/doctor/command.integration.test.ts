import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startScriptedEngine } from '../../sandbox/engine/scripted/index.ts';
import { PARLEY_NUMBER } from '../../sandbox/phones/seeded-phones.ts';
import { startPhones } from '../../sandbox/phones/server.ts';
import { startSlack } from '../../sandbox/slack/server.ts';
import { openWorkspace } from '../e2e/support/workspace.ts';
import { silentLog } from '../media/support.ts';
import { freePort } from '../support/free-port.ts';
import { startProcess } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const SCOPES = (
  parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')) as {
    oauth_config: { scopes: { bot: string[] } };
  }
).oauth_config.scopes.bot;

/** The command as an administrator runs it, against the real parts. */
const closers: (() => unknown)[] = [];
let directory: string;
let port: number;
beforeEach(async () => {
  const temporary = temporaryDirectory();
  closers.push(temporary.remove);
  directory = temporary.directory;
  port = await freePort();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

const doctor = async (env: Record<string, string> = {}) => {
  const running = startProcess('scripts/doctor.ts', [], { DATA_DIR: directory, PORT: String(port), ...env });
  const { code } = await running.ended;
  return { code, output: running.output() };
};

describe('npm run doctor', () => {
  it('passes all checks where nothing is configured, and starts nothing', async () => {
    const { code, output } = await doctor();
    expect(output).toMatch(/ok +Settings/);
    expect(output).toMatch(/– +Parley: not running/);
    expect(output).toMatch(/ok +Database: embedded; created at the first start/);
    expect(output).toMatch(/– +Slack: simulated/);
    expect(output).toMatch(/– +Phones: simulated/);
    expect(output).toMatch(/ok +Charts: drawn by Parley itself, \d+ KB/);
    expect(output).toMatch(/ok +Media worker: installed, and starts/);
    expect(output).toMatch(/All checks passed\./);
    expect(code).toBe(0);
  });

  it('tells every wrong setting at once, and repeats no secret', async () => {
    const { code, output } = await doctor({
      PORT: '70000',
      SLACK_BOT_TOKEN: 'not-a-token-but-secret',
      TURN_SECRET: 'a-secret-of-a-relay',
    });
    expect(output).toMatch(/FAILED +Settings: PORT must be at most 65535/);
    expect(output).toMatch(/FAILED +Settings: SLACK_BOT_TOKEN must start with xoxb-/);
    expect(output).toMatch(/FAILED +Settings: TURN_URL is needed/);
    expect(output).toMatch(/\d problems found/);
    expect(output).not.toMatch(/not-a-token|a-secret-of/);
    expect(code).toBe(1);
  });

  it('gives a link to the connection test of the Parley that runs, and leaves its database alone', async () => {
    const env = { DATA_DIR: directory, PORT: String(port), WORKSPACE_PORT: '0', LOG_LEVEL: 'warn' };
    const parley = startProcess('src/main.ts', [], env);
    closers.push(() => parley.stop());
    await parley.until(/Parley is ready/);
    const { output } = await doctor();
    expect(output).toMatch(/ok +Parley: running at http:\/\/127\.0\.0\.1:\d+\n/);
    expect(output).toMatch(/ok +Database: embedded, and in use by the running Parley/);
    const [link] = /http:\/\/127\.0\.0\.1:\d+\/doctor\/\S+/.exec(output)!;
    // The page may still be in the making, which is not a refusal.
    expect([200, 503]).toContain((await fetch(link)).status);

    const stranger = await doctor({ PARLEY_SECRET: 'another secret that is long enough for Parley' });
    expect(stranger.output).toMatch(/FAILED +Parley: .* with another secret/);
    expect(stranger.output).toMatch(/FAILED +Database: .*in use by another instance of Parley, process \d+/);
    expect(stranger.output).not.toContain('/doctor/');
    expect(stranger.code).toBe(1);
  });

  it('asks Slack and the speech engine whether they take the keys, and for what', async () => {
    const tokens = { botToken: 'xoxb-doctor-0123456789', appToken: 'xapp-doctor-0123456789' };
    const slack = await startSlack({
      dataDir: null,
      port: 0,
      ...tokens,
      signingSecret: 'a-signing-secret-0123456789',
      // The workspace has no private channels, and its app no scopes for them.
      app: { scopes: SCOPES },
      log: silentLog,
    });
    closers.push(() => slack.close());
    const engine = await startScriptedEngine({ apiKey: 'the-key-of-the-engine' });
    closers.push(() => engine.close());
    const env = {
      SLACK_BOT_TOKEN: tokens.botToken,
      SLACK_APP_TOKEN: tokens.appToken,
      SLACK_API_URL: slack.apiUrl,
      DEEPGRAM_API_KEY: engine.apiKey,
      DEEPGRAM_URL: engine.url,
      PUBLIC_URL: `http://127.0.0.1:${port}`,
    };
    const well = await doctor(env);
    expect(well.output).toMatch(/ok +Slack: \S+ in .*, with every scope of manifest\.yml/);
    expect(well.output).toMatch(/ok +Speech engine: 127\.0\.0\.1:\d+ accepts the key/);
    expect(well.output).toMatch(/ok +Live captions: 2 streams at once are admitted/);
    expect(well.output).toMatch(/ok +Clock: agrees with the clock of 127\.0\.0\.1:\d+/);
    expect(well.code).toBe(0);

    await openWorkspace(slack.url).fail('missing-files-scope');
    const ill = await doctor({
      ...env,
      SLACK_APP_TOKEN: 'xapp-another-0123456789',
      DEEPGRAM_API_KEY: 'another-key',
    });
    expect(ill.output).toMatch(/FAILED +Slack: Slack doesn’t accept Parley’s token/);
    expect(ill.output).toMatch(/FAILED +Speech engine: /);
    expect(ill.output).toMatch(
      /FAILED +Live captions: no stream can be opened: .*Invalid credentials \(401\)/,
    );
    expect(ill.output).not.toMatch(/another-key|xapp-another/);
    expect(ill.code).toBe(1);
    const scopes = await doctor(env);
    expect(scopes.output).toMatch(/FAILED +Slack: The app lacks scopes of manifest\.yml: files:read/);
  });

  it('asks the phone provider about the account and the number', async () => {
    const account = { accountSid: `AC${'1'.repeat(32)}`, authToken: 'the-token-of-the-account' };
    const publicUrl = `http://127.0.0.1:${port}`;
    const phones = await startPhones({
      ...account,
      parleyNumber: PARLEY_NUMBER,
      incomingUrl: () => `${publicUrl}/telephony/incoming`,
      log: silentLog,
    });
    closers.push(() => phones.close());
    const env = {
      TWILIO_ACCOUNT_SID: account.accountSid,
      TWILIO_AUTH_TOKEN: account.authToken,
      TWILIO_NUMBER: PARLEY_NUMBER,
      TWILIO_URL: phones.url,
      PUBLIC_URL: publicUrl,
    };
    const well = await doctor(env);
    expect(well.output).toMatch(/ok +Phones: Twilio accepts the credentials/);
    expect(well.output).toMatch(/ok +Phones: callers of \+44 20 7946 0100 are asked for a PIN/);
    expect(well.output).toMatch(/ok +Phones: calls are allowed to: .*United Kingdom/);
    expect(well.code).toBe(0);
    const ill = await doctor({ ...env, TWILIO_AUTH_TOKEN: 'a-token-of-another-account' });
    expect(ill.output).toMatch(/FAILED +Phones: .*doesn’t accept Parley’s credentials/);
    expect(ill.output).not.toContain('a-token-of');
    expect(ill.code).toBe(1);
  });
});
