import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { toAppError } from '../../core/error.ts';
import type { Clock, Log, PublicWeb } from '../../core/ports.ts';
import { createApi } from '../api/api.ts';
import { createClient, DEFAULT_API_URL } from '../api/client.ts';
import { SlackRefusal } from '../api/refusal.ts';
import { createDownloads } from '../files/download.ts';
import { createUploads } from '../files/upload.ts';
import { createMessages } from '../messages.ts';
import { TRIAL } from '../sentences/trial.ts';
import type { BotConfig } from '../transport.ts';
import { type Created, cleanUp, recordCreated } from './created.ts';
import { FILE_STEPS } from './file-steps.ts';
import { MESSAGE_STEPS } from './message-steps.ts';
import {
  describeChannel,
  describeInstallation,
  findPerson,
  type Installation,
  loadChannel,
  loadInstallation,
  type TrialChannel,
} from './place.ts';
import { failed, type Outcome, ok, type Step, type StepName, type Trial } from './step.ts';

/** In the order in which each has what it needs. */
const STEPS: readonly Step[] = [
  MESSAGE_STEPS.post,
  FILE_STEPS.uploadChart,
  MESSAGE_STEPS.edit,
  MESSAGE_STEPS.readBack,
  MESSAGE_STEPS.note,
  FILE_STEPS.share,
  FILE_STEPS.download,
  MESSAGE_STEPS.home,
  MESSAGE_STEPS.validate,
  FILE_STEPS.remove,
];

/** What one step of the trial found. */
export interface Tried extends Outcome {
  readonly check: string;
}

interface TrialOptions {
  readonly config: BotConfig;
  readonly web: PublicWeb;
  /** Its id or its name. */
  readonly channel: string;
  readonly report: (tried: Tried) => void;
  /** Stops between two steps; what was created is deleted all the same. */
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Tries in a channel what Parley does in Slack, and reports what is true here: a message, a full result with its chart, a
 * message for one person, a file, a Home tab. Deletes everything, whatever failed.
 */
export const trySlack = async (options: TrialOptions): Promise<void> => {
  const { config, clock, log, channel: where } = options;
  const apiUrl = (config.apiUrl ?? DEFAULT_API_URL).replace(/\/+$/, '');
  const api = createApi({ client: createClient(config.botToken, apiUrl, log), clock, log });
  const report = (name: StepName, outcome: Outcome): void =>
    options.report({ check: TRIAL.steps[name], ...outcome });
  const found = await attempt(() => loadInstallation(api));
  if ('outcome' in found) return report('workspace', found.outcome);
  report('workspace', describeInstallation(found.value));

  const loaded = await attempt(() => loadChannel(api, where));
  if ('outcome' in loaded) return report('channel', loaded.outcome);
  if (loaded.value === null) {
    const advice = TRIAL.noChannelAdvice;
    return report('channel', { state: 'failed', message: TRIAL.noChannel(where), advice });
  }
  const channel = describeChannel(loaded.value);
  report('channel', channel);
  if (channel.state !== 'ok') return;

  const created = recordCreated(api);
  const trial = await prepare(options, apiUrl, created, found.value, loaded.value);
  try {
    for (const step of STEPS) report(step.name, await tryStep(step, trial));
  } finally {
    report('cleanUp', await leaveNothing(created, trial));
  }
};

const prepare = async (
  { config, web, clock, log, signal }: TrialOptions,
  apiUrl: string,
  { api }: Created,
  installation: Installation,
  channel: TrialChannel,
): Promise<Trial> => {
  const hosts: string[] = [];
  const onHost = (host: string): void => void hosts.push(host);
  return {
    api,
    chat: {
      ...createMessages({ api }),
      ...createUploads({ api, clock }),
      ...createDownloads({ api, botToken: config.botToken, apiUrl, web, onHost, clock, log }),
    },
    clock,
    signal,
    workspaceId: installation.team_id,
    botUserId: installation.user_id,
    channelId: channel.id,
    key: `trial:${randomUUID()}`,
    hosts,
    person: await findPerson(api, channel, installation),
    root: null,
    reply: null,
    chartId: null,
    fileId: null,
    edited: null,
  };
};

const tryStep = async ({ needs, run }: Step, trial: Trial): Promise<Outcome> => {
  if (trial.signal.aborted) return { state: 'skipped', message: TRIAL.stopped };
  const missing = needs.find((need) => trial[need] === null);
  if (missing === 'person') return { state: 'skipped', message: TRIAL.noPerson };
  if (missing !== undefined) {
    return { state: 'skipped', message: TRIAL.notTried(TRIAL.steps[STEP_OF[missing]]) };
  }
  const result = await attempt(() => run(trial));
  return 'outcome' in result ? result.outcome : result.value;
};

/** The step whose failure a later one cannot do without. */
const STEP_OF = {
  root: 'message',
  reply: 'message',
  chartId: 'chart',
  fileId: 'file',
  edited: 'result',
} as const satisfies Record<string, StepName>;

const attempt = async <T>(work: () => Promise<T>): Promise<{ value: T } | { outcome: Outcome }> => {
  try {
    return { value: await work() };
  } catch (error) {
    return { outcome: failed(reasonOf(error)) };
  }
};

const reasonOf = (error: unknown): string =>
  TRIAL.failed(toAppError(error).userMessage, error instanceof SlackRefusal ? error.slackCode : null);

const Thread = z.object({ messages: z.array(z.object({ ts: z.string(), user: z.string().nullish() })) });
/** More than a trial posts, and others may answer. */
const THREAD_MAX = 100;

const leaveNothing = async (created: Created, trial: Trial): Promise<Outcome> => {
  const { api, channelId, workspaceId, key, botUserId } = trial;
  const { messages, files, errors } = await cleanUp(created, channelId, async () => {
    const root =
      trial.root ?? (await createMessages({ api }).findCard(workspaceId, channelId, key))?.messageId;
    if (root === undefined) return [];
    const args = { channel: channelId, ts: root, limit: THREAD_MAX };
    const thread = await api.call('conversations.replies', args, Thread);
    return thread.messages.filter(({ user }) => user === botUserId).map(({ ts }) => ts);
  });
  if (errors.length === 0) return ok(TRIAL.cleanedUp(messages, files));
  const reasons = new Set(errors.map(reasonOf));
  return {
    state: 'failed',
    message: TRIAL.notCleanedUp([...reasons].join('; ')),
    advice: TRIAL.notCleanedUpAdvice,
  };
};
