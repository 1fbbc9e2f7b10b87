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
  it('needs nothing: every provider is then stood in for', () => {
    expect(parseConfig({})).toMatchObject({ slack: null, deepgram: null, quickchartUrl: null, port: 3000 });
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
