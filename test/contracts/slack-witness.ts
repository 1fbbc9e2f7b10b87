import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Witness } from '../../sandbox/slack/options.ts';
import type { Json } from '../../sandbox/slack/types.ts';
import { SLACK_COMMON_ERRORS, SLACK_METHODS } from './slack-reference.ts';

/** By sample: the dotted keys with which Slack has been seen. */
const SEEN: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(
    z
      .record(z.string(), z.record(z.string(), z.string()))
      .parse(JSON.parse(readFileSync(new URL('./slack/json-logs-keys.json', import.meta.url), 'utf8'))),
  ).map(([sample, keys]) => [sample, withParents(Object.keys(keys).map((key) => key.replaceAll('[]', '')))]),
);

/** Where Slack has an object, it may have null. */
function withParents(paths: readonly string[]): ReadonlySet<string> {
  return new Set(
    paths.flatMap((path) =>
      path.split('.').map((_name, index, names) => names.slice(0, index + 1).join('.')),
    ),
  );
}

/** Where messages are in what Slack sends: each is the same object, and what one sample lacks is in another. */
const MESSAGE = /^(event\.message|event\.previous_message|event|messages|message)\./;
const SEEN_IN_MESSAGES: ReadonlySet<string> = new Set(
  [...SEEN.values()].flatMap((paths) =>
    [...paths].filter((path) => MESSAGE.test(path)).map((path) => path.replace(MESSAGE, '')),
  ),
);

/** What stands in no sample, although Slack sends it. */
const EXEMPT: readonly { readonly path: RegExp; readonly because: string }[] = [
  { path: /(^|[._])(blocks|attachments)\./, because: 'the samples leave blocks and attachments out' },
  { path: /\.event_payload\./, because: 'these are the keys of the app' },
  { path: /(^|\.)state\.values\./, because: 'these are the ids of blocks and elements' },
  { path: /^context_(team|enterprise)_id$/, because: 'documented for every event since 2022' },
  { path: /^ok$/, because: 'documented for every method' },
  { path: /^response_metadata\.warnings$/, because: 'documented for every method' },
];

export interface ContractWitness extends Witness {
  /** Where the workspace said something that Slack does not say, or was told what Slack does not know. */
  readonly faults: readonly string[];
  /** The methods that were called, with how often. */
  readonly called: Witness['called'];
  readonly methods: ReadonlyMap<string, number>;
}

/**
 * Holds what goes over the wire to Slack's reference. `app` is the app's side: whether its requests are held to it as
 * well, or only the workspace's responses, for tests that ask wrong questions on purpose.
 */
export const createContractWitness = ({ app }: { app: boolean }): ContractWitness => {
  const faults = new Set<string>();
  const methods = new Map<string, number>();
  return {
    get faults() {
      return [...faults];
    },
    methods,
    called(method, given, response) {
      methods.set(method, (methods.get(method) ?? 0) + 1);
      for (const fault of responseFaults(method, response)) faults.add(fault);
      if (app) for (const fault of requestFaults(method, given)) faults.add(fault);
    },
    sent(body) {
      for (const fault of payloadFaults(body)) faults.add(fault);
    },
  };
};

const requestFaults = (method: string, given: Json): string[] => {
  const reference = SLACK_METHODS.get(method);
  if (reference === undefined) return [`${method} is not in the reference`];
  const { properties, required } = reference.args;
  return [
    ...Object.keys(given)
      .filter((name) => !(name in properties))
      .map((name) => `${method} was sent an argument that Slack does not know: ${name}`),
    // The token travels in a header.
    ...required
      .filter((name) => name !== 'token' && given[name] === undefined)
      .map((name) => `${method} was not sent ${name}`),
  ];
};

const responseFaults = (method: string, response: Json): string[] => {
  const reference = SLACK_METHODS.get(method);
  if (reference === undefined) return [];
  if (response.ok !== true) {
    const error = String(response.error);
    // What Slack answers for a method that this workspace does not have yet.
    const known = error in reference.errors || error in SLACK_COMMON_ERRORS || error === 'unknown_method';
    return known ? [] : [`${method} answered an error that Slack does not have there: ${error}`];
  }
  return unseen(`api/${method}.json`, response, reference.output);
};

const payloadFaults = (body: Json): string[] => {
  const sample = sampleOf(body);
  return sample === null ? [] : unseen(sample, body);
};

const MESSAGE_EVENTS: Readonly<Record<string, string>> = {
  '': 'MessagePayload',
  file_share: 'MessageFileSharePayload',
  message_changed: 'MessageChangedPayload',
  message_deleted: 'MessageDeletedPayload',
  thread_broadcast: 'MessageThreadBroadcastPayload',
};
const EVENTS: Readonly<Record<string, string>> = {
  app_home_opened: 'AppHomeOpenedPayload',
  app_mention: 'AppMentionPayload',
};
const INTERACTIONS: Readonly<Record<string, string>> = {
  block_actions: 'BlockActionPayload',
  message_action: 'MessageShortcutPayload',
  view_submission: 'ViewSubmissionPayload',
  view_closed: 'ViewClosedPayload',
};

/** Which sample a payload is held to; null for a kind that has none. */
const sampleOf = (body: Json): string | null => {
  if (typeof body.command === 'string') return 'app-backend/SlashCommandPayload.json';
  const type = String(body.type);
  if (type !== 'event_callback')
    return type in INTERACTIONS ? `app-backend/${INTERACTIONS[type]}.json` : null;
  const event = body.event as { type: string; subtype?: string };
  const name = event.type === 'message' ? MESSAGE_EVENTS[event.subtype ?? ''] : EVENTS[event.type];
  return name === undefined ? null : `events/${name}.json`;
};

const unseen = (sample: string, body: Json, output?: Record<string, unknown> | null): string[] => {
  const seen = SEEN.get(sample) ?? new Set();
  const documented = Object.keys((output?.properties ?? {}) as object).filter((name) => !seen.has(name));
  return [...pathsOf(body)]
    .filter((path) => !seen.has(path) && !SEEN_IN_MESSAGES.has(path.replace(MESSAGE, '')))
    .filter((path) => !documented.includes(path.split('.')[0]!))
    .filter((path) => !EXEMPT.some((exempt) => exempt.path.test(path)))
    .map((path) => `${sample} has a key that Slack has not been seen with: ${path}`);
};

/** The dotted keys of a value; ids among them as `*`, and arrays as what is in them. */
function* pathsOf(value: unknown, prefix = ''): Generator<string> {
  if (Array.isArray(value)) {
    for (const item of value) yield* pathsOf(item, prefix);
    return;
  }
  if (typeof value !== 'object' || value === null) {
    if (prefix !== '') yield prefix;
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = /^[CDG][A-Z0-9]{6,}$/.test(key) ? '*' : key;
    yield* pathsOf(inner, prefix === '' ? name : `${prefix}.${name}`);
  }
}
