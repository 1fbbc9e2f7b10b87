import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ConfigError, parseConfig, VARIABLES } from '../src/config.ts';

const problemsOf = (environment: Record<string, string>): readonly string[] => {
  try {
    parseConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('configuration', () => {
  it('needs nothing: every provider is then simulated', () => {
    expect(parseConfig({})).toMatchObject({ slack: null, deepgram: null, quickchartUrl: null, port: 3000 });
  });

  it('gives meetings free ports on one machine alone, and known ones where they must be opened', () => {
    expect(parseConfig({}).meetings).toEqual({
      announcedAddress: null,
      portBase: null,
      turn: null,
      nodeUrl: null,
      graceMs: 60_000,
      liveStreams: 50,
    });
    const open = parseConfig({
      MEDIA_ANNOUNCED_ADDRESS: 'meet.example.org',
      TURN_URL: 'turn:turn.example.org:3478,turns:turn.example.org:443?transport=tcp',
      TURN_SECRET: 'between-us',
    });
    expect(open.meetings).toMatchObject({
      announcedAddress: 'meet.example.org',
      portBase: 40_000,
      turn: {
        urls: ['turn:turn.example.org:3478', 'turns:turn.example.org:443?transport=tcp'],
        secret: 'between-us',
      },
    });
  });

  it('wants a relay’s address and its secret together, and no scheme in the announced address', () => {
    expect(problemsOf({ TURN_URL: 'turn:turn.example.org' })).toEqual([
      'TURN_SECRET is needed when TURN_URL is set',
    ]);
    expect(problemsOf({ TURN_SECRET: 'between-us' })).toEqual(['TURN_URL is needed when TURN_SECRET is set']);
    expect(problemsOf({ MEDIA_ANNOUNCED_ADDRESS: 'https://meet.example.org' })).toEqual([
      'MEDIA_ANNOUNCED_ADDRESS must be an address or a host name, without http:// or a port',
    ]);
  });

  it.each([
    ['nothing', '', { main: '/parley', short: [] }],
    ['short commands', '/meet, /call', { main: '/parley', short: ['call', 'meet'] }],
    ['names without a slash', 'Talk call', { main: '/talk', short: ['call'] }],
  ])('takes the names of the slash commands from %s', (_what, names, commands) => {
    expect(parseConfig({ SLACK_COMMANDS: names }).slackCommands).toEqual(commands);
  });

  it('wants slash commands that Slack can have, and one that does everything', () => {
    expect(problemsOf({ SLACK_COMMANDS: '/par ley,/ünï' })[0]).toMatch(
      /^SLACK_COMMANDS must be slash commands/,
    );
    expect(problemsOf({ SLACK_COMMANDS: '/status,/call' })).toEqual([
      'SLACK_COMMANDS has /status, which is a command of Slack’s own: Slack refuses the whole manifest',
    ]);
    expect(problemsOf({ SLACK_COMMANDS: '/one,/two,/call' })).toEqual([
      'SLACK_COMMANDS can name one command besides /call, /meet and /transcribe: the one that does everything',
    ]);
  });

  it('asks Deepgram not to keep audio, unless it is allowed to', () => {
    const key = { DEEPGRAM_API_KEY: 'a-key-of-deepgram' };
    expect(parseConfig(key).deepgram).toEqual({
      apiKey: 'a-key-of-deepgram',
      url: 'https://api.deepgram.com',
      mipOptOut: true,
    });
    expect(parseConfig({ ...key, DEEPGRAM_MIP_OPT_OUT: 'false' }).deepgram?.mipOptOut).toBe(false);
    expect(problemsOf({ ...key, DEEPGRAM_MIP_OPT_OUT: 'no' })).toEqual([
      'DEEPGRAM_MIP_OPT_OUT must be true or false',
    ]);
  });

  it('treats empty variables as unset, as copied .env files have them', () => {
    expect(parseConfig({ SLACK_BOT_TOKEN: '', DEEPGRAM_API_KEY: '  ' })).toMatchObject({
      slack: null,
      deepgram: null,
    });
  });

  it('takes Socket Mode when there is an app token, HTTP when there is a signing secret', () => {
    const bot = { SLACK_BOT_TOKEN: 'xoxb-1' };
    expect(parseConfig({ ...bot, SLACK_APP_TOKEN: 'xapp-1' }).slack?.mode.type).toBe('socket');
    expect(parseConfig({ ...bot, SLACK_SIGNING_SECRET: '0123456789' }).slack?.mode.type).toBe('http');
  });

  it('reports all problems at once, each with its variable', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      SLACK_APP_TOKEN: 'wrong',
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
      PARLEY_SECRET: 'short',
    });
    for (const variable of ['PORT', 'SLACK_APP_TOKEN', 'DATABASE_URL', 'LOG_LEVEL', 'PARLEY_SECRET']) {
      expect(problems.filter((problem) => problem.startsWith(`${variable} `))).toHaveLength(1);
    }
  });

  it.each([
    [{ SLACK_BOT_TOKEN: 'xoxb-1' }, 'SLACK_APP_TOKEN'],
    [{ SLACK_APP_TOKEN: 'xapp-1' }, 'SLACK_BOT_TOKEN'],
    [{ DEEPGRAM_URL: 'http://localhost:8080' }, 'DEEPGRAM_API_KEY'],
  ])('says what is missing beside %o', (environment, variable) => {
    expect(problemsOf(environment)).toEqual([expect.stringMatching(`^${variable} is needed`)]);
  });

  const TWILIO = { TWILIO_ACCOUNT_SID: 'AC1', TWILIO_AUTH_TOKEN: 'a-token-of-twilio' };

  it('takes countries as people write them, and each once', () => {
    const { calls } = parseConfig({ CALL_COUNTRIES: 'gb, DE,GB', CALL_DEFAULT_COUNTRY: 'de' });
    expect(calls).toMatchObject({ countries: ['GB', 'DE'], defaultCountry: 'DE' });
  });

  it.each([
    [{ CALL_COUNTRIES: 'GB,UK' }, /^CALL_COUNTRIES has UK, which is not a country code \(use GB .*\)/],
    [{ CALL_COUNTRIES: 'XX' }, /^CALL_COUNTRIES has XX, which is not a country code; /],
    [{ CALL_COUNTRIES: 'Germany' }, /^CALL_COUNTRIES must be two-letter country codes/],
    [{ CALL_DEFAULT_COUNTRY: 'ZZ' }, /^CALL_DEFAULT_COUNTRY has ZZ, which is not a country code/],
    [
      { CALL_COUNTRIES: 'GB,DE', CALL_DEFAULT_COUNTRY: 'FR' },
      /^CALL_DEFAULT_COUNTRY must be one of CALL_COUNTRIES \(GB, DE\)/,
    ],
    [{ ...TWILIO, TWILIO_NUMBER: '020 7946 0000' }, /^TWILIO_NUMBER must be a number like \+44/],
    [{ ...TWILIO, TWILIO_NUMBER: '+15551234567' }, /^TWILIO_NUMBER is not a valid phone number/],
    [{ ...TWILIO, TWILIO_NUMBER: '+9991234567' }, /^TWILIO_NUMBER is not a valid phone number/],
  ])('says of %o, in one sentence, what is wrong', (environment, sentence) => {
    expect(problemsOf(environment as Record<string, string>)).toEqual([expect.stringMatching(sentence)]);
  });

  it('takes a valid phone number', () => {
    expect(parseConfig({ ...TWILIO, TWILIO_NUMBER: '+442079460100' }).telephony?.number).toBe(
      '+442079460100',
    );
  });

  it('never repeats a secret in its complaint', () => {
    expect(problemsOf({ PARLEY_SECRET: 'hunter2', SLACK_BOT_TOKEN: 'hunter2' }).join()).not.toContain(
      'hunter2',
    );
  });

  it('has a line for every variable in .env.example, and none besides', () => {
    const example = readFileSync(path.join(import.meta.dirname, '../.env.example'), 'utf8');
    const named = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(new Set(named)).toEqual(new Set(Object.keys(VARIABLES)));
  });

  it('has its defaults in .env.example', () => {
    const example = readFileSync(path.join(import.meta.dirname, '../.env.example'), 'utf8');
    const environment = Object.fromEntries(
      [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((m) => [m[1], m[2]]),
    );
    expect(parseConfig(environment as Record<string, string>)).toEqual(parseConfig({}));
  });
});
