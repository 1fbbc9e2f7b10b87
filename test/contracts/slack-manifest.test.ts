import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifestFaults } from './slack-reference.ts';

const manifest = (): Record<string, Record<string, unknown>> =>
  parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')) as Record<
    string,
    Record<string, unknown>
  >;

test('the manifest is one that Slack takes', () => {
  expect(manifestFaults(manifest())).toEqual([]);
});

test('the schema refuses what Slack does', () => {
  const wrong = manifest();
  wrong.display_information!.name = 'n'.repeat(36);
  wrong.settings!.event_subscriptions = { events: [] };
  const faults = manifestFaults(wrong).join('\n');
  expect(faults).toContain('/display_information/name');
  expect(faults).toContain('/settings/event_subscriptions');
});
