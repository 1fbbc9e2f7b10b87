import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App } from '@slack/bolt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../sandbox/index.ts';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { eventually, type OpenWorkspace, openWorkspace, socketApp } from './slack/workspace.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
let workspace: OpenWorkspace;
let app: App;
let directory: string;

beforeEach(async () => {
  workspace = await openWorkspace();
  app = socketApp(workspace);
  directory = mkdtempSync(join(tmpdir(), 'parley-test-'));
  writeFileSync(join(directory, 'one.wav'), 'RIFF');
  writeFileSync(join(directory, 'two.wav'), 'RIFF');
});
afterEach(async () => {
  await app.stop();
  await workspace.close();
  rmSync(directory, { recursive: true });
});

interface Ran {
  status: number;
  out: never;
  error: string | undefined;
}

const run = (words: string[], url = workspace.url): Promise<Ran> =>
  new Promise((resolve) => {
    const env = { ...process.env, PARLEY_WORKSPACE_URL: url };
    execFile(process.execPath, ['sandbox/cli/main.ts', ...words], { env }, (failure, out, err) => {
      resolve({
        status: failure === null ? 0 : Number(failure.code),
        out: (out.startsWith('{') ? JSON.parse(out) : out) as never,
        error: err === '' ? undefined : (JSON.parse(err) as { error: string }).error,
      });
    });
  });

/** Answers every recording as Parley does: a progress message that becomes the result or the failure. */
const answerRecordings = (outcomes: readonly ('result' | 'failure')[]): void => {
  app.event('message', async ({ event, client }) => {
    const { files = [], ts, channel } = event as { files?: { id: string }[]; ts: string; channel: string };
    for (const [index, { id }] of files.entries()) {
      const metadata = (final: boolean, outcome?: string) => ({
        event_type: 'parley_message',
        event_payload: {
          kind: 'recording',
          final,
          key: `answer:${id}`,
          conversation: id,
          ...(outcome === undefined ? {} : { outcome }),
        },
      });
      const { ts: answer = '' } = await client.chat.postMessage({
        channel,
        thread_ts: ts,
        text: 'working',
        metadata: metadata(false),
      });
      await client.chat.update({
        channel,
        ts: answer,
        text: 'done',
        metadata: metadata(true, outcomes[index]),
      });
    }
  });
};

test('post --wait prints the finished thread with addresses that can be fetched', async () => {
  answerRecordings(['result', 'result']);
  await app.start();
  const { status, out } = await run([
    'post',
    join(directory, 'one.wav'),
    join(directory, 'two.wav'),
    '--text',
    'both',
    '--wait',
  ]);
  expect(status).toBe(0);
  const printed = out as { messages: (StoredMessage & { files: { url: string }[] })[] };
  expect(printed).toMatchObject({
    finished: true,
    failed: 0,
    messages: [{ text: 'both' }, { text: 'done' }, { text: 'done' }],
  });
  expect(await (await fetch(printed.messages[0]!.files[0]!.url)).text()).toBe('RIFF');
});

test('post --wait ends with status 1 when a recording failed, still printing the thread', async () => {
  answerRecordings(['result', 'failure']);
  await app.start();
  const files = [join(directory, 'one.wav'), join(directory, 'two.wav')];
  expect(await run(['post', ...files, '--wait'])).toMatchObject({
    status: 1,
    out: { finished: true, failed: 1 },
  });
});

test('post --wait stops after its time limit and reports the progress', async () => {
  const { status, error } = await run(['post', join(directory, 'one.wav'), '--wait', '--timeout', '0.3']);
  expect(status).toBe(1);
  expect(error).toContain('0 of 1 recordings finished');
});

test('say, messages and thread', async () => {
  const { out } = await run(['say', 'hello', '@parley', '--as', 'yuki']);
  const { ts } = out as StoredMessage;
  await run(['say', 'a reply', '--thread', ts]);
  expect((await run(['messages'])).out).toMatchObject({
    messages: [{ ts, text: `hello <@${workspace.bot}>`, reply_count: 1 }],
  });
  expect((await run(['thread', ts])).out).toMatchObject({ messages: [{ ts }, { text: 'a reply' }] });
});

test('click --wait opens a modal, submit sends it', async () => {
  const plain = (text: string) => ({ type: 'plain_text' as const, text });
  app.action('menu', async ({ ack, client, body, action }) => {
    await ack();
    const { selected_option } = action as { selected_option: { value: string } };
    await client.views.open({
      trigger_id: (body as { trigger_id: string }).trigger_id,
      view: {
        type: 'modal',
        callback_id: 'm',
        title: plain(selected_option.value),
        submit: plain('OK'),
        blocks: [
          {
            type: 'input',
            block_id: 'b',
            label: plain('L'),
            element: { type: 'plain_text_input', action_id: 'a' },
          },
        ],
      },
    });
  });
  let value: unknown;
  app.view('m', async ({ ack, view }) => {
    value = view.state.values.b?.a?.value;
    await ack();
  });
  await app.start();
  const options = [{ text: plain('Two'), value: 'two' }];
  const { ts = '' } = await workspace.web.chat.postMessage({
    channel: workspace.general,
    text: 'x',
    blocks: [{ type: 'actions', elements: [{ type: 'overflow', action_id: 'menu', options }] }],
  });
  expect((await run(['click', 'menu', '--ts', ts, '--value', 'three'])).error).toContain('Options: two');
  expect((await run(['click', 'menu', '--ts', ts, '--value', 'two', '--wait'])).out).toMatchObject({
    view: { view: { title: { text: 'two' } } },
  });
  expect((await run(['views'])).out).toMatchObject({ views: [{ view: { callback_id: 'm' } }] });
  expect((await run(['submit', 'last', '{}'])).error).toContain('b: Please complete');
  expect((await run(['submit', 'last', '{"b":{"a":{"value":"typed"}}}'])).out).toEqual({
    ok: true,
    closed: true,
  });
  expect(value).toBe('typed');
});

test('command, shortcut, home, fail and state', async () => {
  app.command('/parley', async ({ ack }) => ack());
  app.shortcut('transcribe_message', async ({ ack }) => ack());
  app.event('app_home_opened', async ({ client, event }) => {
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks: [] } });
  });
  await app.start();
  const { ts } = await workspace.say('x');
  expect((await run(['command', '/parley https://a.example/b.mp3'])).out).toEqual({ ok: true });
  expect((await run(['shortcut', 'transcribe_message', '--ts', ts])).out).toEqual({ ok: true });
  expect((await run(['home', '--wait'])).out).toMatchObject({ view: { type: 'home' } });
  expect((await run(['fail', 'api-500:2', 'slow-file-processing'])).out).toEqual({
    active: ['api-500:2', 'slow-file-processing'],
  });
  expect((await run(['fail', 'none'])).out).toEqual({ active: [] });
  expect((await run(['state'])).out).toMatchObject({ bot: { connected: true } });
});

describe('phone', () => {
  let sandbox: Sandbox;
  const phone = (...words: string[]): Promise<Ran> => run(['phone', ...words], sandbox.slack!.url);
  beforeEach(async () => {
    sandbox = await startSandbox({
      dataDir: null,
      slack: { page: false },
      engine: null,
      phones: { incomingUrl: () => 'http://127.0.0.1:1/incoming', timing: { ringAfterMs: 1 } },
      log,
    });
  });
  afterEach(() => sandbox.close());

  /** Has Ana's telephone rung, by the network's own interface. */
  const ring = async (): Promise<void> => {
    const { url, accountSid, authToken, number } = sandbox.phones!;
    const response = await fetch(`${url}/2010-04-01/Accounts/${accountSid}/Calls.json`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        To: '+442079460101',
        From: number,
        Twiml: '<Response><Gather timeout="600"><Say>Keys, please.</Say></Gather></Response>',
      }),
    });
    expect(response.status).toBe(201);
  };
  const becomes = (words: string[], call: object | null) =>
    eventually(async () => {
      const { out } = await phone(...words);
      return JSON.stringify((out as { call: unknown }).call ?? null).includes(
        call === null ? 'null' : JSON.stringify(call).slice(1, -1),
      );
    }, 'its call is so');

  test('lists phones, and finds one by its international or national number, or its owner', async () => {
    const { out } = await phone();
    expect((out as { phones: unknown[] }).phones.length).toBeGreaterThan(4);
    for (const words of [
      ['+442079460102'],
      ['020 7946 0102'],
      ['020', '7946', '0102'],
      ['ben'],
      ['Ben', 'Whitfield'],
    ]) {
      expect((await phone(...words)).out).toMatchObject({ number: '+442079460102', owner: 'Ben Whitfield' });
    }
    expect((await phone('020 7946 0777')).out).toEqual({ number: '+442079460777' });
  });

  test('sets the behaviour of a phone, with local recordings', async () => {
    const turns = 'test/fixtures/one-word.wav,sample:ben-1';
    const words = ['set', 'answer', '--turns', turns, '--after', '500ms', '--hangs-up', '--keys', '1'];
    expect((await phone('ben', ...words)).out).toMatchObject({
      behaviour: { type: 'answer', afterMs: 500, turns: ['one-word.wav', 'ben-1'], hangsUp: true, keys: '1' },
    });
    expect((await phone('ben', 'set', 'busy')).out).toMatchObject({ behaviour: { type: 'busy' } });
    expect((await phone('ben', 'set', 'voicemail')).out).toMatchObject({
      behaviour: { type: 'voicemail', afterMs: 2000 },
    });
  });

  test('answers, speaks, presses keys, hangs up and saves the received audio', async () => {
    await ring();
    await becomes(['ana'], { state: 'ringing' });
    expect((await phone('ana', 'answer')).out).toMatchObject({ call: { state: 'in-call' } });
    await becomes(['ana'], { wantsKeys: true });
    expect((await phone('ana', 'speak', 'test/fixtures/one-word.wav')).out).toHaveProperty('durationMs');
    expect((await phone('ana', 'keys', '12#')).status).toBe(0);
    await becomes(['ana'], null);
    const file = join(directory, 'received.wav');
    expect((await phone('ana', 'received', file)).out).toMatchObject({ file });
    expect(readFileSync(file).toString('latin1', 0, 4)).toBe('RIFF');
  });

  test('calls Parley, and lists Parley’s mistakes', async () => {
    expect((await phone('ana', 'call')).out).toMatchObject({
      call: { state: 'calling', with: sandbox.phones!.number },
    });
    await eventually(
      async () => ((await phone('webhooks')).out as { faults: unknown[] }).faults.length > 0,
      'the call ends',
    );
  });

  test.each<[string[], string]>([
    [['eve'], 'No phone belongs to'],
    [['+1'], 'is not a phone number'],
    [['ana', 'set', 'dance'], 'Choose a behaviour'],
    [['ana', 'set', 'voicemail', '--after', 'soon'], '--after'],
    [['ana', 'set', 'answer', '--turns', 'sample:none'], 'no recording named "none"'],
    [['ana', 'set', 'answer', '--turns', 'none.wav'], 'no file none.wav'],
    [['ana', 'answer'], 'not in a call'],
    [['ana', 'keys'], 'the keys'],
    [['ana', 'speak'], 'the recording'],
    [['ana', 'received'], 'the file to write'],
    [['ana', 'call', '--to', '020 7946 0102'], 'can be called from here'],
  ])('%j ends with status 1 and a sentence', async (words, sentence) => {
    const { status, error } = await phone(...words);
    expect(status).toBe(1);
    expect(error).toContain(sentence);
  });
});

test.each<[string[], string]>([
  [['dance'], 'no command "dance"'],
  [['say'], 'the text to post'],
  [['post', 'no-such-file'], 'no file no-such-file'],
  [['post'], 'the files to post'],
  [['click', 'x'], '--ts TS, --view ID or --home'],
  [['submit', 'last'], 'No modal is open'],
  [['command', 'transcribe'], 'starts with a slash'],
  [['say', 'x', '--as', 'eve'], 'one here is called "eve"'],
  [['fail', 'nothing-such'], 'no failure mode'],
  [['say', 'x', '--dance'], '--dance'],
  [['thread', '1.1'], 'no message 1.1'],
])('%j ends with status 1 and a sentence', async (words, sentence) => {
  const { status, error } = await run(words);
  expect(status).toBe(1);
  expect(error).toContain(sentence);
});

test('no workspace at the address is said, and --help teaches', async () => {
  expect((await run(['state'], 'http://127.0.0.1:1')).error).toContain('No workspace is running');
  const { status, out } = await run(['--help']);
  expect(status).toBe(0);
  expect(out).toContain('post FILE…');
});
