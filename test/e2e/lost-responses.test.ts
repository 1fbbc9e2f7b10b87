import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import type { RunningProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, isComplete, type PostedRecordings } from './support/exactly-once.ts';
import { numberedRecording } from './support/recordings.ts';
import { openStage, type Stage, UP } from './support/stage.ts';

describe('a bad connection to Slack, over Socket Mode', () => {
  let stage: Stage;
  let parley: RunningProcess;
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  beforeAll(async () => {
    stage = await openStage({ transcribing: () => held });
    parley = stage.launch('socket');
    await parley.until(UP);
  });
  afterAll(async () => {
    await parley?.kill();
    await stage?.close();
  });

  /** Loses so many of Slack’s responses, and waits until they are lost. */
  const loseResponses = async (count: number): Promise<void> => {
    await stage.workspace.fail(`lost-responses:${count}`, 'duplicate-events');
    await until(async () => (await activeFailures(stage)).length === 1, { what: 'lost responses' });
  };

  it('doubles nothing when responses are lost, events arrive twice, and the process is killed', async () => {
    const channel = stage.channels[0] ?? '';
    const recordings = [numberedRecording(1, { long: true }), numberedRecording(2)];
    const lost = loseResponses(2);
    const posting = { recordings, root: await stage.post(channel, recordings) };
    await lost;
    await parley.kill();
    // It may have called the engine before it was killed; the next process calls it again.
    const requests = stage.engine.requests.length;
    parley = stage.launch('socket');
    await until(() => stage.engine.requests.length >= requests + 2, {
      what: 'both recordings at the engine',
    });
    // Of charts and edits, which show the results.
    const lostAgain = loseResponses(2);
    release();
    await lostAgain;
    await until(() => isComplete(stage, posting), { what: 'the results' });

    // Once a later recording has its result, nothing earlier is pending.
    const after = {
      recordings: [numberedRecording(3)],
      root: await stage.post(channel, [numberedRecording(3)]),
    };
    await until(() => isComplete(stage, after), { what: 'the later result' });
    await expectExactlyOnce(stage, posting);
    await expectExactlyOnce(stage, after);
  });

  it('shares long transcripts in the order of their recordings, although the first is delayed', async () => {
    const recordings = [11, 12, 13].map((number) => numberedRecording(number, { long: true }));
    let refusals = 0;
    stage.proxy.onRequest(({ name, when, body }) => {
      if (name !== 'files.getUploadURLExternal' || when !== 'before' || !body.includes('talk-11.txt'))
        return true;
      refusals += 1;
      // Beyond the retries of one attempt: the job is retried two seconds later.
      return refusals > 3;
    });
    const posting = { recordings, root: await stage.post(stage.channels[0] ?? '', recordings) };
    await until(() => isComplete(stage, posting), { what: 'the results' });
    await expectExactlyOnce(stage, posting);
    expect(refusals).toBeGreaterThan(3);
  });
});

const activeFailures = async (stage: Stage): Promise<readonly string[]> => {
  const response = await fetch(`${stage.workspace.url}/control/failures`);
  return ((await response.json()) as { active: string[] }).active;
};

describe('two instances on one database server, one of which is killed for good', () => {
  let stage: Stage;
  let postgres: PostgresServer;
  const instances: RunningProcess[] = [];
  const { promise: held, resolve: release } = Promise.withResolvers<void>();
  beforeAll(async () => {
    [stage, postgres] = await Promise.all([openStage({ transcribing: () => held }), startPostgres()]);
    await postgres.createDatabase('parley');
    for (const name of ['one', 'two']) {
      const instance = stage.launch('socket', {
        DATABASE_URL: postgres.urlOf('parley'),
        DATA_DIR: `${stage.dataDir}/${name}`,
        TRANSCRIBE_CONCURRENCY: '2',
      });
      instances.push(instance);
      await instance.until(UP);
    }
  });
  afterAll(async () => {
    await Promise.all(instances.map((instance) => instance.kill()));
    await Promise.all([stage?.close(), postgres?.close()]);
  });

  it('the other finishes its work, once', async () => {
    const postings: PostedRecordings[] = [];
    for (const [at, numbers] of [[1], [2, 3], [4]].entries()) {
      const recordings = numbers.map((number) => numberedRecording(number, { long: number === 2 }));
      const channel = stage.channels[at % stage.channels.length] ?? '';
      postings.push({ recordings, root: await stage.post(channel, recordings) });
    }
    // Each instance transcribes two.
    await until(() => stage.engine.requests.length === 4, { what: 'four recordings at the engine' });
    await instances[0]?.kill();
    release();
    for (const posting of postings) {
      await until(() => isComplete(stage, posting), { timeoutMs: 120_000, what: 'the results' });
    }
    expect(stage.engine.requests.length).toBe(6);
    for (const posting of postings) await expectExactlyOnce(stage, posting);
  });
});
