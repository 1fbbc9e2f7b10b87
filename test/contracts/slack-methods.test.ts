import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import type { SocketLink } from '../../sandbox/slack/events/socket.ts';
import type { Tier } from '../../sandbox/slack/limits.ts';
import { createMethods } from '../../sandbox/slack/web/methods.ts';
import { METHODS } from '../../src/bot/api/methods.ts';
import { SLACK_METHODS } from './slack-reference.ts';

describe('what Parley calls', () => {
  test.each(Object.entries(METHODS))('%s needs no scope but those of the reference', (name, { scopes }) => {
    const documented = SLACK_METHODS.get(name)!.scope;
    for (const scope of scopes) expect(documented).toContain(scope);
    // One scope is enough where several are documented: each is for another kind of channel.
    if (documented.length > 0) expect(scopes).not.toEqual([]);
  });
});

describe('the simulated Slack', () => {
  const simulated = [...createMethods({} as SocketLink)].filter(([name]) => SLACK_METHODS.has(name));

  test('has every method that Parley calls', () => {
    expect(simulated.map(([name]) => name)).toEqual(expect.arrayContaining(Object.keys(METHODS)));
  });

  test.each(simulated)('%s takes the arguments of the reference and no others', (name, { args }) => {
    const { properties, required } = SLACK_METHODS.get(name)!.args;
    const { shape } = args as z.ZodObject;
    expect(Object.keys(properties)).toEqual(expect.arrayContaining(Object.keys(shape)));
    for (const argument of required.filter((one) => one !== 'token')) {
      expect(shape[argument]?.safeParse(undefined).success, argument).toBe(false);
    }
  });

  test.each(simulated)('%s has the rate limit of the reference', (name, { tier }) => {
    const tiers: Record<string, Tier> = { t1: 1, t2: 2, t3: 3, t4: 4, t5: 'special' };
    // The reference names none.
    if (name === 'blocks.validate') return;
    // Messages are limited by channel.
    expect(tier).toBe(name === 'chat.postMessage' ? 'post' : tiers[SLACK_METHODS.get(name)!.rate_limits]);
  });

  test.each(simulated)('%s asks for the scopes of the reference', (name, { scopes }) => {
    for (const scope of scopes) expect(SLACK_METHODS.get(name)!.scope).toContain(scope);
  });
});
