import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunningProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, isComplete, type PostedRecordings } from './support/exactly-once.ts';
import type { ProxiedRequest } from './support/fault-proxy.ts';
import { numberedRecording } from './support/recordings.ts';
import { openStage, type Stage, UP } from './support/stage.ts';

/** Another seed has other orders and other random moments. */
const SEED = Number(process.env.CRASH_SEED ?? 7);

/** Slack retries an event at once, after 4 s and after 20 s more; then it is lost. */
const RETRY_SCALE = 0.067;
const GIVEN_UP_AFTER_MS = 30_000;
/** A job that is at work at three kills in a row is set aside, so all jobs may finish in between. */
const ENDS_IN_A_ROUND = 2;

/** How a run of the process ends. */
type End =
  /** Killed at this request: for what was posted in this run, or for what the run before `left`. */
  | {
      readonly at: string;
      readonly when: ProxiedRequest['when'];
      readonly body?: string;
      readonly left?: true;
      /** In the message that is posted; else one or three. */
      readonly recordings?: 1 | 3;
    }
  /** Killed at a random moment after a posting, or after its start without one. */
  | { readonly within: number; readonly of: 'posting' | 'start' }
  /** Stopped in order, in the middle of its work. */
  | { readonly stopWithin: number };

const FINAL = '%22final%22%3Atrue';
const around = (at: string, body?: string, recordings?: 1 | 3): End[][] => {
  const more = {
    ...(body === undefined ? {} : { body }),
    ...(recordings === undefined ? {} : { recordings }),
  };
  return [[{ at, when: 'before', ...more }], [{ at, when: 'after', ...more }]];
};

/** Ends, in groups whose members follow each other. */
const ENDS: readonly (readonly End[])[] = [
  [{ at: 'chat.postMessage', when: 'before' }],
  // The next run looks for what the one before may have posted, and is killed at that too.
  [
    { at: 'chat.postMessage', when: 'after' },
    { at: 'conversations.replies', when: 'after', left: true },
  ],
  [{ at: 'download', when: 'before' }],
  [{ at: 'download', when: 'midway' }],
  ...around('listen'),
  ...around('chart'),
  ...around('files.getUploadURLExternal', '.png'),
  ...around('upload', 'PNG'),
  [{ at: 'files.completeUploadExternal', when: 'after' }],
  // A result alone is a message of its own, and the line of its progress goes; of several, the lines become the results.
  ...around('chat.postMessage', FINAL, 1),
  ...around('chat.delete', undefined, 1),
  ...around('chat.update', FINAL, 3),
  ...around('files.getUploadURLExternal', '.txt'),
  ...around('upload', 'TRANSCRIPT'),
  ...around('files.completeUploadExternal', 'channel_id'),
  [{ at: 'views.publish', when: 'before' }],
  ...[300, 600, 1_200].map((within): End[] => [{ within, of: 'posting' }]),
  ...[300, 900].map((within): End[] => [{ within, of: 'start' }]),
  ...[200, 800].map((stopWithin): End[] => [{ stopWithin }]),
];
/** These leave an event for which Slack’s retry must find the next run alive. */
const EVENT_ENDS: readonly End[] = [
  { at: 'event', when: 'before' },
  { at: 'event', when: 'after' },
];

/** Groups in rounds; the first rounds end with an event. */
const inRounds = (groups: readonly (readonly End[])[]): End[][] => {
  const rounds = EVENT_ENDS.map((end) => [end]);
  for (const group of groups) {
    const round = rounds.find(({ length }) => length + group.length <= ENDS_IN_A_ROUND);
    if (round === undefined) rounds.push([...group]);
    else round.unshift(...group);
  }
  return rounds;
};

/** Repeatable numbers from 0 to 1. */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

const shuffled = <T>(items: readonly T[], random: () => number): T[] =>
  items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);

describe(`a process that is killed again and again (seed ${SEED})`, () => {
  const random = createRandom(SEED);
  const postings: (PostedRecordings & { readonly postedAtMs: number })[] = [];
  /** Messages with files whose event Parley acknowledged, its own among them. */
  const accepted = new Set<string>();
  const endings: string[] = [];
  let stage: Stage;
  let parley: RunningProcess | null = null;
  let armed: Extract<End, { at: string }> | null = null;
  let numbers = 0;

  const watch = async ({ name, when, body, status }: ProxiedRequest): Promise<boolean> => {
    if (armed?.at === name && armed.when === when && body.includes(armed.body ?? '')) {
      await parley?.kill();
      armed = null;
      return false;
    }
    if (name === 'event' && when === 'after' && status === 200) {
      const { event } = JSON.parse(body.toString()) as { event?: { ts?: string; files?: unknown } };
      if (event?.ts !== undefined && event.files !== undefined) accepted.add(event.ts);
    }
    return true;
  };

  const up = async (): Promise<RunningProcess> => {
    parley ??= stage.launch('http');
    await parley.until(UP);
    return parley;
  };

  /** One message with one or three recordings, the first with a long transcript. */
  const post = async (count: number = random() < 0.7 ? 1 : 3): Promise<void> => {
    const recordings = Array.from({ length: count }, (_, at) => {
      numbers += 1;
      return numberedRecording(numbers, { long: at === 0 || random() < 0.5 });
    });
    const channel = stage.channels[numbers % stage.channels.length] ?? '';
    const root = await stage.post(channel, recordings);
    postings.push({ root, recordings, postedAtMs: Date.now() });
  };

  /** Kills it at this request. */
  const runUntilSeen = async (end: Extract<End, { at: string }>): Promise<void> => {
    if (end.left) {
      armed = end;
      parley ??= stage.launch('http');
    } else {
      await up();
      // Armed after the posting, so that no request for earlier work ends this run.
      if (end.at === 'event') armed = end;
      await post(end.recordings);
      if (end.at !== 'event') armed = end;
    }
    await until(() => armed === null, { timeoutMs: 120_000, everyMs: 5, what: JSON.stringify(end) });
  };

  /** One run of the process, to its end. */
  const runTo = async (end: End): Promise<void> => {
    if ('at' in end) await runUntilSeen(end);
    else if ('stopWithin' in end) {
      const running = await up();
      await post();
      await wait(random() * end.stopWithin);
      await running.stop();
      expect(await running.ended).toEqual({ code: 0, signal: null });
    } else {
      if (end.of === 'start') parley ??= stage.launch('http');
      else {
        await up();
        await post();
      }
      await wait(random() * end.within);
      await parley?.kill();
    }
    parley = null;
    endings.push(JSON.stringify(end));
  };

  /** Waits until everything is finished that was accepted or may still be delivered. */
  const finishAll = async (): Promise<void> => {
    await up();
    for (const posting of postings) {
      await until(
        async () =>
          accepted.has(posting.root.ts)
            ? isComplete(stage, posting)
            : Date.now() - posting.postedAtMs > GIVEN_UP_AFTER_MS,
        {
          timeoutMs: 120_000,
          everyMs: 40,
          what: `the end of ${posting.root.ts}, after ${endings.join(' ')}`,
        },
      );
    }
  };

  beforeAll(async () => {
    stage = await openStage({ transcribing: () => wait(random() * 150), retryScale: RETRY_SCALE });
    stage.proxy.onRequest(watch);
    await up();
    await stage.listenTo(`${stage.proxy.url}/slack/events`);
    // A stop in order writes the compile cache, which makes later starts faster.
    await parley?.stop();
    parley = null;
  });
  afterAll(async () => {
    await parley?.kill();
    await stage?.close();
  });

  it('has exactly one result for every recording it accepted, in order', { timeout: 1_800_000 }, async () => {
    for (const round of inRounds(shuffled(ENDS, random))) {
      for (const end of round) await runTo(end);
      await finishAll();
    }
    const taken = postings.filter(({ root }) => accepted.has(root.ts));
    for (const posting of taken) await expectExactlyOnce(stage, posting);
    // An event is lost when its last retry finds no process, which a slow machine makes more likely.
    expect(taken.length).toBeGreaterThan(postings.length / 2);
    expect(endings.length).toBeGreaterThanOrEqual(30);
  });

  it('leaves no job behind', async () => {
    await parley?.stop();
    parley = null;
    const database = await PGlite.create(`${stage.dataDir}/database/postgres`);
    const { rows } = await database.query(
      // The one that is left out looks for messages that did not arrive, ten seconds after each file.
      `select distinct name, state from pgboss.job
       where name not like '\\_\\_%' and name <> 'take-shared-file' order by name`,
    );
    await database.close();
    expect(rows).toEqual(
      ['announce', 'publish', 'share-export', 'transcribe'].map((name) => ({ name, state: 'completed' })),
    );
  });
});

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
