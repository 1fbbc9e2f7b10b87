import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import type { RunningProcess } from '../support/process.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce, isComplete, type PostedRecordings } from './support/exactly-once.ts';
import { numberedRecording } from './support/recordings.ts';
import { openStage, type Stage, UP } from './support/stage.ts';

describe('a bad line to Slack, over Socket Mode', () => {
  let stage: Stage;
  let parley: RunningProcess;
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  beforeAll(async () => {
    stage = await openStage({ transcribing: () => held });
    parley = stage.launch('socket');
    await parley.until(UP);
  });
  afterAll(async () => {
    await parley?.kill();
    await stage?.close();
  });

  /** Lets so many answers get lost, and waits until they have. */
  const loseAnswers = async (count: number): Promise<void> => {
    await stage.workspace.fail(`lost-responses:${count}`, 'duplicate-events');
    await until(async () => (await activeFailures(stage)).length === 1, { what: 'answers to be lost' });
  };

  it('doubles nothing when answers get lost, events come twice, and the process dies of it', async () => {
    const channel = stage.channels[0] ?? '';
    const recordings = [numberedRecording(1, { long: true }), numberedRecording(2)];
    const lost = loseAnswers(2);
    const posting = { recordings, root: await stage.post(channel, recordings) };
    await lost;
    await parley.kill();
    // It may have asked the engine before it died; the next one asks again.
    const asked = stage.engine.requests.length;
    parley = stage.launch('socket');
    await until(() => stage.engine.requests.length >= asked + 2, { what: 'both recordings at the engine' });
    // These are of what shows the results: charts and edits.
    const lostAgain = loseAnswers(2);
    letGo();
    await lostAgain;
    await until(() => isComplete(stage, posting), { what: 'the results' });

    // Nothing is on its way any more once what was posted afterwards is there.
    const after = {
      recordings: [numberedRecording(3)],
      root: await stage.post(channel, [numberedRecording(3)]),
    };
    await until(() => isComplete(stage, after), { what: 'the result of what came after' });
    await expectExactlyOnce(stage, posting);
    await expectExactlyOnce(stage, after);
  });

  it('shares long transcripts in the order of their recordings, though the first is held up', async () => {
    const recordings = [11, 12, 13].map((number) => numberedRecording(number, { long: true }));
    let refusals = 0;
    stage.proxy.onRequest(({ name, when, body }) => {
      if (name !== 'files.getUploadURLExternal' || when !== 'before' || !body.includes('talk-11.txt'))
        return true;
      refusals += 1;
      // As often as it is tried in place: then the job is tried again, two seconds later.
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

describe('two copies on one database server, one of which dies for good', () => {
  let stage: Stage;
  let postgres: PostgresServer;
  const copies: RunningProcess[] = [];
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  beforeAll(async () => {
    [stage, postgres] = await Promise.all([openStage({ transcribing: () => held }), startPostgres()]);
    await postgres.createDatabase('parley');
    for (const name of ['one', 'two']) {
      const copy = stage.launch('socket', {
        DATABASE_URL: postgres.urlOf('parley'),
        DATA_DIR: `${stage.dataDir}/${name}`,
        TRANSCRIBE_CONCURRENCY: '2',
      });
      copies.push(copy);
      await copy.until(UP);
    }
  });
  afterAll(async () => {
    await Promise.all(copies.map((copy) => copy.kill()));
    await Promise.all([stage?.close(), postgres?.close()]);
  });

  it('the other finishes what it had in hand, once', async () => {
    const postings: PostedRecordings[] = [];
    for (const [at, numbers] of [[1], [2, 3], [4]].entries()) {
      const recordings = numbers.map((number) => numberedRecording(number, { long: number === 2 }));
      const channel = stage.channels[at % stage.channels.length] ?? '';
      postings.push({ recordings, root: await stage.post(channel, recordings) });
    }
    // Two recordings are in each one's hands.
    await until(() => stage.engine.requests.length === 4, { what: 'four recordings at the engine' });
    await copies[0]?.kill();
    letGo();
    for (const posting of postings) {
      await until(() => isComplete(stage, posting), { timeoutMs: 60_000, what: 'the results' });
    }
    expect(stage.engine.requests.length).toBe(6);
    for (const posting of postings) await expectExactlyOnce(stage, posting);
  });
});
