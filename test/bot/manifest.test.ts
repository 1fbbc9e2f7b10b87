import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { OFFERS } from '../../sandbox/slack/seed.ts';
import { manifestText } from '../../scripts/manifest-text.ts';
import { METHODS } from '../../src/bot/api/methods.ts';
import { commandNames, type ShortCommand } from '../../src/bot/commands.ts';
import type { ListenerDeps, Registry } from '../../src/bot/listeners/deps.ts';
import { registerListeners } from '../../src/bot/listeners/index.ts';
import { buildManifest } from '../../src/bot/manifest.ts';
import { SLACK_OWN_COMMANDS } from '../../src/config/slack.ts';
import { manifestFaults, RESERVED_COMMANDS } from '../contracts/slack-reference.ts';

const DEFAULT = { main: '/parley', short: [] } as const;
const ALL = { main: '/parley', short: ['call', 'meet', 'transcribe'] as ShortCommand[] };
const REQUEST_URL = 'https://parley.example.com/slack/events';
const manifest = buildManifest({ commands: DEFAULT, requestUrl: null });

/** Everything that the listeners register for, by kind. Nothing is called, so they need nothing else. */
const registered = (() => {
  const seen = { event: [], command: [], action: [], shortcut: [], view: [] } as Record<string, unknown[]>;
  const registry = Object.fromEntries(
    Object.keys(seen).map((kind) => [kind, (what: unknown) => seen[kind]!.push(what)]),
  );
  const deps = { commands: commandNames(DEFAULT) } as ListenerDeps;
  registerListeners(registry as unknown as Registry, deps);
  return seen;
})();

test('manifest.yml is what `npm run manifest` prints with no settings', () => {
  const file = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8');
  expect(file).toBe(manifestText({ commands: DEFAULT, requestUrl: null }));
  expect(parse(file)).toEqual(manifest);
});

describe.each([
  ['one command', DEFAULT],
  ['every short command', ALL],
  ['a command of another name', { main: '/parley-test', short: [] }],
])('with %s', (_which, commands) => {
  test.each([
    ['over Socket Mode', null],
    ['over HTTP', REQUEST_URL],
  ])('the manifest %s is one that Slack takes', (_how, requestUrl) => {
    const built = buildManifest({ commands, requestUrl });
    expect(manifestFaults(built)).toEqual([]);
    expect(built.settings.socket_mode_enabled).toBe(requestUrl === null);
    expect(JSON.stringify(built).split(REQUEST_URL).length - 1).toBe(
      requestUrl === null ? 0 : 2 + built.features.slash_commands.length,
    );
  });

  test('no text names a command that does not exist', () => {
    const { slash_commands } = buildManifest({ commands, requestUrl: null }).features;
    const named = JSON.stringify(buildManifest({ commands, requestUrl: null })).match(/(?<=[\s"])\/[a-z-]+/g);
    expect(new Set(named)).toEqual(new Set(slash_commands.map(({ command }) => command)));
  });
});

test('the default manifest has no command whose name is Slack’s own, for which Slack refuses it whole', () => {
  const names = manifest.features.slash_commands.map(({ command }) => command.slice(1));
  expect(names.filter((name) => RESERVED_COMMANDS.has(name))).toEqual([]);
});

test('the settings refuse every name of Slack’s own but /call, which may be free', () => {
  expect(new Set([...SLACK_OWN_COMMANDS, 'call'])).toEqual(RESERVED_COMMANDS);
});

test('of the short commands only /call may be Slack’s own, which is why each is asked for', () => {
  expect(ALL.short.filter((name) => RESERVED_COMMANDS.has(name))).toEqual(['call']);
});

test('the commands that a manifest can have are exactly those with listeners', () => {
  const { slash_commands } = buildManifest({ commands: ALL, requestUrl: null }).features;
  expect(slash_commands.map(({ command }) => command)).toEqual(registered.command);
});

test('the manifest has exactly the shortcuts that have listeners', () => {
  const shortcuts = manifest.features.shortcuts.map(({ type, callback_id }) => ({
    // A shortcut of a message is an action upon it; a global one is just a shortcut.
    type: type === 'message' ? 'message_action' : 'shortcut',
    callback_id,
  }));
  expect(shortcuts).toEqual(registered.shortcut);
});

test('the manifest subscribes to exactly the events that have listeners', () => {
  // To Bolt all messages are one event; the manifest names the kinds of place they come from.
  const events = new Set(manifest.settings.event_subscriptions.bot_events.map((name) => name.split('.')[0]));
  expect(events).toEqual(new Set(registered.event));
});

test('the local workspace offers the same commands and shortcuts as the manifest', () => {
  const { slash_commands, shortcuts } = manifest.features;
  const offered = (kind: string) =>
    shortcuts
      .filter(({ type }) => type === kind)
      .map(({ callback_id, name }) => ({ callbackId: callback_id, name }));
  expect(OFFERS.commands).toEqual(
    slash_commands.map(({ command, description, usage_hint, should_escape }) => ({
      command,
      description,
      usageHint: usage_hint,
      shouldEscape: should_escape,
    })),
  );
  expect(OFFERS.messageShortcuts).toEqual(offered('message'));
  expect(OFFERS.globalShortcuts).toEqual(offered('global'));
});

test('clicks and dialogs reach the app', () => {
  expect(registered.action!.length + registered.view!.length).toBeGreaterThan(0);
  expect(manifest.settings.interactivity.is_enabled).toBe(true);
});

test('no scope is requested for a method that nothing calls', () => {
  const sources = globSync('src/bot/**/*.ts', { exclude: ['src/bot/api/methods.ts'] }).map((path) =>
    readFileSync(path, 'utf8'),
  );
  const uncalled = Object.keys(METHODS).filter((name) => !sources.some((text) => text.includes(`'${name}'`)));
  expect(uncalled).toEqual([]);
});
