import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { freePort } from '../support/free-port.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RunningProcess, startProcess } from '../support/process.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';
import { expectExactlyOnce } from './support/exactly-once.ts';
import { numberedRecording } from './support/recordings.ts';
import { openStage, type Stage, TOKENS, UP } from './support/stage.ts';
import { shownText } from './support/workspace.ts';

const statusOf = async (url: string): Promise<number> => (await fetch(url)).status;

/** Sends an event as Slack does, signed with this secret at this time. */
const sendSigned = async (
  url: string,
  body: string,
  { secret = TOKENS.signingSecret, ageSec = 0 }: { secret?: string; ageSec?: number } = {},
): Promise<number> => {
  const timestamp = Math.floor(Date.now() / 1_000) - ageSec;
  const signature = createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex');
  const response = await fetch(`${url}/slack/events`, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': String(timestamp),
      'x-slack-signature': `v0=${signature}`,
    },
  });
  return response.status;
};

describe('Parley over HTTP', () => {
  const first = numberedRecording(1);
  const second = numberedRecording(2, { long: true });
  let stage: Stage;
  let postgres: PostgresServer;
  let parley: RunningProcess;
  const processes: RunningProcess[] = [];
  let general: string;
  let root: StoredMessage;

  const launch = (): void => {
    parley = stage.launch('http', { DATABASE_URL: postgres.urlOf('parley'), LOG_LEVEL: 'debug' });
    processes.push(parley);
  };

  beforeAll(async () => {
    [stage, postgres] = await Promise.all([openStage(), startPostgres()]);
    general = stage.channels[0] ?? '';
    await postgres.createDatabase('parley');
  });
  afterAll(async () => {
    await parley?.kill();
    await Promise.all([stage?.close(), postgres?.close()]);
  });

  it('is alive and not ready while Slack does not answer, and ready once it does', async () => {
    await stage.workspace.fail('api-500');
    launch();
    await parley.until(UP);
    expect(await statusOf(`${stage.parleyUrl}/healthz`)).toBe(200);
    expect(await statusOf(`${stage.parleyUrl}/readyz`)).toBe(503);
    await stage.workspace.fail();
    await until(async () => (await statusOf(`${stage.parleyUrl}/readyz`)) === 200, { what: 'readiness' });
  });

  it('answers a recording with its result', async () => {
    await stage.listenTo(`${stage.parleyUrl}/slack/events`);
    root = await stage.post(general, [first, second]);
    await stage.workspace.results(general, root.ts, 2);
    await until(
      async () =>
        (await stage.workspace.thread(general, root.ts)).some(({ files }) =>
          files?.[0]?.name.endsWith('.txt'),
        ),
      { what: 'the long transcript' },
    );
    await expectExactlyOnce(stage, { root, recordings: [first, second] });
  });

  it('takes a command', async () => {
    expect(
      await stage.workspace.command({ channel: general, as: stage.ana, text: '/parley transcribe help' }),
    ).toEqual({
      ok: true,
    });
    const address = 'http://127.0.0.1/recording.mp3';
    await stage.workspace.command({ channel: general, as: stage.ana, text: `/parley transcribe ${address}` });
    const request = await until(
      async () => (await stage.workspace.messages(general)).find(({ text }) => text.includes(address)),
      { what: 'the message of the request' },
    );
    const [answer] = await stage.workspace.results(general, request.ts);
    expect(shownText(answer as StoredMessage)).toContain('private network');
  });

  describe('forged events', () => {
    const event = (): string =>
      JSON.stringify({
        type: 'event_callback',
        team_id: 'T1',
        event_id: 'EvForged',
        event: {
          type: 'message',
          subtype: 'file_share',
          channel: general,
          user: stage.ana,
          ts: root.ts,
          files: [{ id: 'FFORGED', name: 'forged.wav', mimetype: 'audio/wav', size: 1_000, mode: 'hosted' }],
        },
        authorizations: [],
      });

    it.each([
      ['a signature made with another secret', { secret: 'another-secret' }],
      ['a right signature of six minutes ago', { ageSec: 360 }],
    ])('refuses %s and does nothing', async (_what, how) => {
      const before = await stage.workspace.thread(general, root.ts);
      expect(await sendSigned(stage.parleyUrl, event(), how)).toBe(401);
      // Had the forged event been accepted, its reply would be there before the reply to this one.
      const real = await stage.post(general, [numberedRecording(3)]);
      await stage.workspace.results(general, real.ts);
      expect(await stage.workspace.thread(general, root.ts)).toEqual(before);
    });

    it('takes the same bytes when the signature is right', async () => {
      expect(await sendSigned(stage.parleyUrl, event())).toBe(200);
      const answers = await stage.workspace.results(general, root.ts, 3);
      expect(shownText(answers[2] as StoredMessage)).toContain('forged.wav');
    });
  });

  it('counts its work for Prometheus', async () => {
    const metrics = await (await fetch(`${stage.parleyUrl}/metrics`)).text();
    expect(metrics).toMatch(/^parley_job_attempts_total\{job="transcribe",outcome="done"\} [1-9]/m);
    expect(metrics).toMatch(/^parley_chat_connected 1$/m);
    expect(metrics).toMatch(/^parley_live_streams\{state="live"\} 0$/m);
  });

  it('is not ready while its database is gone, and ready when it is back', async () => {
    await postgres.pause();
    await until(async () => (await statusOf(`${stage.parleyUrl}/readyz`)) === 503, { what: '503' });
    expect(await statusOf(`${stage.parleyUrl}/healthz`)).toBe(200);
    await postgres.resume();
    await until(async () => (await statusOf(`${stage.parleyUrl}/readyz`)) === 200, { what: '200' });
    const posted = await stage.post(general, [numberedRecording(4)]);
    await stage.workspace.results(general, posted.ts);
  });

  it('stops in order in the middle of its work, and continues with it at the next start', async () => {
    const { promise: held, resolve: release } = Promise.withResolvers<void>();
    stage.engine.script({ mode: 'pause', readBytes: 1, until: held });
    const before = stage.engine.requests.length;
    const posted = await stage.post(general, [numberedRecording(5)]);
    await stage.engine.until(({ totalBytes }) => stage.engine.requests.length > before && totalBytes > 0);
    await parley.stop();
    release();
    expect(await parley.ended).toEqual({ code: 0, signal: null });

    launch();
    await stage.workspace.results(general, posted.ts);
    await expectExactlyOnce(stage, { root: posted, recordings: [numberedRecording(5)] });
  });

  it('has logged nothing confidential', async () => {
    const printed = processes.map((each) => each.output()).join('\n');
    expect(printed).toContain('job done');
    for (const secret of [
      ...Object.values(TOKENS),
      first.uniqueWord,
      second.uniqueWord,
      'Ana',
      'Brand',
      'talk-1.wav',
      'password',
    ]) {
      expect(printed).not.toContain(secret);
    }
  });
});

/** A start that fails because of what the test changes. */
const failingStart = async (
  stage: Stage,
  env: Record<string, string>,
): Promise<{ code: number | null; output: string }> => {
  const process = stage.launch('http', env);
  const { code } = await process.ended;
  return { code, output: process.output() };
};

/** What is printed beside the log: no stack, no name of an error class. */
const expectSentence = (output: string, sentence: RegExp): void => {
  const printed = output
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('{'))
    .join('\n');
  expect(printed).toMatch(sentence);
  expect(printed).not.toMatch(/^\s+at |Error:/m);
};

describe('a start that fails', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage();
  });
  afterAll(() => stage?.close());

  it('because the data directory or the port is in use says so', async () => {
    const parley = stage.launch('http');
    await parley.until(UP);
    const { code, output } = await failingStart(stage, { PORT: '0' });
    expect(code).toBe(1);
    expectSentence(
      output,
      new RegExp(`data directory .* is in use by another instance of Parley, process ${parley.pid}`),
    );

    const other = temporaryDirectory();
    const onPort = await failingStart(stage, { DATA_DIR: other.directory });
    expect(onPort.code).toBe(1);
    expectSentence(onPort.output, /^Port \d+ is in use by another program\./);
    other.remove();
    await parley.stop();
  });

  it('because Slack refuses the token says so', async () => {
    const { code, output } = await failingStart(stage, { SLACK_BOT_TOKEN: 'xoxb-another' });
    expect(code).toBe(1);
    expectSentence(output, /^Slack doesn’t accept Parley’s token/);
    expect(output).not.toContain('another');
  });

  it('because Slack refuses the app-level token says so', async () => {
    const process = stage.launch('socket', { SLACK_APP_TOKEN: 'xapp-another' });
    expect((await process.ended).code).toBe(1);
    expectSentence(process.output(), /^Slack doesn’t accept Parley’s app-level token/);
  });

  it('because the database server does not respond says so', async () => {
    const address = `postgres://parley:hunter2@127.0.0.1:${await freePort()}/parley`;
    const { code, output } = await failingStart(stage, { DATABASE_URL: address });
    expect(code).toBe(1);
    expectSentence(output, /^Parley can’t use the database server at DATABASE_URL/);
    expect(output).not.toContain('hunter2');
  });

  it('because the data directory cannot be created says which', async () => {
    const { directory, remove } = temporaryDirectory();
    mkdirSync(`${directory}/place`);
    writeFileSync(`${directory}/place/file`, '');
    const { code, output } = await failingStart(stage, { DATA_DIR: `${directory}/place/file` });
    expect(code).toBe(1);
    expectSentence(output, /place\/file/);
    remove();
  });

  it('because of invalid settings names all of them', async () => {
    const process = startProcess('src/main.ts', [], {
      PORT: 'eighty',
      SLACK_BOT_TOKEN: 'hunter2',
      DEEPGRAM_URL: 'not an address',
      TRANSCRIBE_CONCURRENCY: '0',
    });
    expect((await process.ended).code).toBe(1);
    const output = process.output();
    for (const variable of ['PORT', 'SLACK_BOT_TOKEN', 'DEEPGRAM_URL', 'TRANSCRIBE_CONCURRENCY']) {
      expect(output).toMatch(new RegExp(`- ${variable} must`));
    }
    expect(output).not.toContain('hunter2');
    expect(output).not.toMatch(/\n\s+at /);
  });
});
