import { WebClient, WebClientEvent } from '@slack/web-api';
import { afterEach, expect, test } from 'vitest';
import { createLimits } from '../../../sandbox/slack/limits.ts';
import { createVirtualClock } from '../../fakes/clock.ts';
import { BOT_TOKEN, type OpenWorkspace, openWorkspace } from './workspace.ts';

let workspace: OpenWorkspace | undefined;
afterEach(() => workspace?.close());

test('a channel takes four messages at once and then one a second, apart from other channels', () => {
  let now = 0;
  const limits = createLimits(() => now);
  const taken = () => limits.take('C1', 'post');
  expect([taken(), taken(), taken(), taken(), taken()]).toEqual([null, null, null, null, 1]);
  expect(limits.take('C2', 'post')).toBeNull();
  now += 1000;
  expect([taken(), taken()]).toEqual([null, 1]);
});

test('tier 3 sustains fifty calls a minute', () => {
  let now = 0;
  const limits = createLimits(() => now);
  let passed = 0;
  for (; now < 600_000; now += 100) if (limits.take('chat.update', 3) === null) passed += 1;
  expect(passed).toBeGreaterThanOrEqual(500);
  expect(passed).toBeLessThanOrEqual(520);
});

test('posting too fast is answered with 429 and Retry-After, and the SDK succeeds by waiting', async () => {
  // It stands still, so that no message is refilled meanwhile.
  const clock = createVirtualClock();
  workspace = await openWorkspace({ clock });
  const { general, apiUrl } = workspace;
  const waits: number[] = [];
  const patient = new WebClient(BOT_TOKEN, {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 3, minTimeout: 1 },
  });
  patient.on(WebClientEvent.RATE_LIMITED, (seconds: number) => {
    waits.push(seconds);
    void clock.advance(seconds * 1000);
  });
  for (let post = 1; post <= 5; post += 1)
    await patient.chat.postMessage({ channel: general, text: `${post}` });
  expect(waits).toEqual([1]);
  expect((await workspace.messages()).map(({ text }) => text)).toEqual(['1', '2', '3', '4', '5']);
});
