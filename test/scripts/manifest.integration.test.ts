import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startProcess } from '../support/process.ts';

const manifest = async (args: readonly string[] = [], env: Record<string, string> = {}) => {
  const running = startProcess('scripts/manifest.ts', [...args], env);
  const { code } = await running.ended;
  return { code, output: running.output() };
};

describe('npm run manifest', () => {
  it('prints manifest.yml', async () => {
    const { code, output } = await manifest();
    expect(output).toBe(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8'));
    expect(code).toBe(0);
  });

  it('fills in the address for HTTP, and has the commands of the settings', async () => {
    const env = { PUBLIC_URL: 'https://parley.example.com/', SLACK_COMMANDS: '/parley,/meet' };
    const { output } = await manifest(['--http'], env);
    const url = 'https://parley.example.com/slack/events';
    expect(parse(output)).toMatchObject({
      features: {
        slash_commands: [
          { command: '/parley', url },
          { command: '/meet', url },
        ],
      },
      settings: { event_subscriptions: { request_url: url }, interactivity: { request_url: url } },
    });
  });

  it('is for HTTP by itself where the settings are', async () => {
    const env = {
      PUBLIC_URL: 'https://parley.example.com',
      SLACK_BOT_TOKEN: 'xoxb-0',
      SLACK_SIGNING_SECRET: 'a-signing-secret',
    };
    expect(parse((await manifest([], env)).output)).toMatchObject({
      settings: { socket_mode_enabled: false },
    });
    expect(parse((await manifest(['--socket'], env)).output)).toMatchObject({
      settings: { socket_mode_enabled: true },
    });
  });

  it('says what HTTP needs', async () => {
    const { code, output } = await manifest(['--http'], { PUBLIC_URL: 'http://parley.example.com' });
    expect(output).toContain('PUBLIC_URL must be an https:// address for Slack');
    expect(code).toBe(1);
  });
});
