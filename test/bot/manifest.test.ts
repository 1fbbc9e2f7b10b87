import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { OFFERS } from '../../sandbox/slack/seed.ts';
import { COMMANDS_SCOPE, EVENT_SCOPES, METHODS } from '../../src/bot/api/methods.ts';
import { CALL_ALIAS } from '../../src/bot/blocks/actions.ts';
import type { ListenerDeps, Registry } from '../../src/bot/listeners/deps.ts';
import { registerListeners } from '../../src/bot/listeners/index.ts';

const Manifest = z.object({
  _metadata: z.object({ major_version: z.literal(2) }),
  display_information: z.object({
    name: z.string().max(35),
    description: z.string().max(140),
    long_description: z.string().min(175).max(4000),
  }),
  features: z.object({
    app_home: z.object({ home_tab_enabled: z.literal(true) }),
    shortcuts: z
      .array(
        z.object({
          type: z.enum(['message', 'global']),
          callback_id: z.string(),
          name: z.string().max(24),
          description: z.string().max(150),
        }),
      )
      .max(10),
    slash_commands: z
      .array(
        z.object({
          command: z.string().startsWith('/').max(32),
          description: z.string().max(2000),
          usage_hint: z.string().max(1000),
          should_escape: z.boolean(),
        }),
      )
      .max(50),
  }),
  oauth_config: z.object({ scopes: z.object({ bot: z.array(z.string()) }) }),
  settings: z.object({
    event_subscriptions: z.object({ bot_events: z.array(z.string()) }),
    interactivity: z.object({ is_enabled: z.boolean() }),
    socket_mode_enabled: z.literal(true),
  }),
});
const manifest = Manifest.parse(parse(readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')));

/** Everything that the listeners register for, by kind. Nothing is called, so they need nothing. */
const registered = (() => {
  const seen = { event: [], command: [], action: [], shortcut: [], view: [] } as Record<string, unknown[]>;
  const registry = Object.fromEntries(
    Object.keys(seen).map((kind) => [kind, (what: unknown) => seen[kind]!.push(what)]),
  );
  registerListeners(registry as unknown as Registry, {} as ListenerDeps);
  return seen;
})();

test('the manifest has exactly the slash commands that have listeners', () => {
  // The other name of `/call` has a listener for workspaces that must rename it in their manifest.
  const commands = registered.command!.filter((command) => command !== CALL_ALIAS);
  expect(registered.command).toContain(CALL_ALIAS);
  expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual(commands);
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
  const offered = (kind: 'message' | 'global') =>
    shortcuts
      .filter(({ type }) => type === kind)
      .map(({ callback_id, name }) => ({ callbackId: callback_id, name }));
  const asked = slash_commands.map(({ command, should_escape }) => [command, should_escape]);
  expect(OFFERS.commands.map(({ command, shouldEscape = false }) => [command, shouldEscape])).toEqual(asked);
  expect(OFFERS.messageShortcuts).toEqual(offered('message'));
  expect(OFFERS.globalShortcuts).toEqual(offered('global'));
});

test('clicks and dialogs reach the app', () => {
  expect(registered.action!.length + registered.view!.length).toBeGreaterThan(0);
  expect(manifest.settings.interactivity.is_enabled).toBe(true);
});

test('the manifest asks for exactly the scopes that the calls, events and commands need', () => {
  const needed = new Set<string>([
    ...Object.values(METHODS).flatMap(({ scopes }) => [...scopes]),
    ...manifest.settings.event_subscriptions.bot_events.flatMap((name) => {
      expect(Object.keys(EVENT_SCOPES)).toContain(name);
      return [...EVENT_SCOPES[name as keyof typeof EVENT_SCOPES]];
    }),
    COMMANDS_SCOPE,
  ]);
  expect([...manifest.oauth_config.scopes.bot].sort()).toEqual([...needed].sort());
});

test('no scope is requested for a method that nothing calls', () => {
  const sources = globSync('src/bot/**/*.ts', { exclude: ['src/bot/api/methods.ts'] }).map((path) =>
    readFileSync(path, 'utf8'),
  );
  const uncalled = Object.keys(METHODS).filter((name) => !sources.some((text) => text.includes(`'${name}'`)));
  expect(uncalled).toEqual([]);
});
