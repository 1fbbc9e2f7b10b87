import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { elementFor } from '../support/click.ts';
import { type Colleague, isResult, joinWorkspace, sentenceOf, unhurried } from '../support/colleague.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { shownText, type Workspace } from '../support/workspace.ts';

/** What Slack, its permissions and the way to it do wrong while a recording is posted. */

let engine: ScriptedEngine;
let parley: LocalParley;
let workspace: Workspace;
let ana: Colleague;
beforeAll(async () => {
  engine = await startScriptedEngine();
  parley = await startLocalParley({ DEEPGRAM_URL: engine.url, DEEPGRAM_API_KEY: engine.apiKey });
  workspace = parley.workspace;
  await unhurried(workspace);
  ana = await joinWorkspace(workspace);
});
afterAll(async () => {
  await parley?.stop();
  await engine?.close();
});

afterEach(() => workspace.fail());

const GOOD = fixture('one-word.wav');
/** Once the fault is over, the next recording gets its result. */
const goesOnAfterwards = async (): Promise<void> => {
  await workspace.fail();
  expect(isResult(await ana.answerTo(GOOD))).toBe(true);
};

/** "Try again" under a failure, and what the message becomes. */
const tryAgain = async (failure: StoredMessage): Promise<StoredMessage> => {
  await workspace.click({
    as: ana.id,
    message: { channel: failure.channel, ts: failure.ts },
    ...elementFor(failure, 'retry'),
  });
  return until(
    async () =>
      (await workspace.thread(failure.channel, failure.thread_ts ?? '')).find(
        (message) => message.ts === failure.ts && isResult(message),
      ),
    { what: 'the result after another try' },
  );
};

describe('a file that cannot be had', () => {
  afterEach(goesOnAfterwards);

  it('is said to be gone when it was deleted before Parley came to it', async () => {
    await workspace.fail('files-deleted-after-post');
    const answer = await ana.answerTo(GOOD);
    expect(sentenceOf(answer)).toMatch(/^The file was deleted from Slack, .*Post it again\.$/);
    expect(JSON.stringify(answer.blocks)).not.toContain('Try again');
  });

  it('is blamed on the missing permission, and had once that is there', async () => {
    await workspace.fail('missing-files-scope');
    const answer = await ana.answerTo(GOOD);
    expect(sentenceOf(answer)).toBe(
      'Parley lacks a permission in Slack (files:read). Ask a workspace admin to reinstall the app with it.',
    );
    await workspace.fail();
    expect(isResult(await tryAgain(answer))).toBe(true);
  });

  it('is never mistaken for the page that asks Parley to sign in', async () => {
    await workspace.fail('download-login-page');
    const answer = await ana.answerTo(GOOD);
    expect(sentenceOf(answer)).toBe(
      'Parley can’t read files in Slack. Ask a workspace admin to reinstall it with the “files:read” permission.',
    );
    await workspace.fail();
    expect(isResult(await tryAgain(answer))).toBe(true);
  });

  it('is looked up when it comes from another workspace without name and address', async () => {
    await workspace.fail('slack-connect-files');
    expect((await ana.answerTo(GOOD)).text).toMatch(/^one-word\.wav: 2 speakers/);
  });
});

describe('a fault that passes', () => {
  it.each([['rate-limit-posts:4'], ['api-500:3'], ['api-error:3'], ['truncated-downloads:1']])(
    'is waited out, and the result comes by itself: %s',
    async (mode) => {
      await workspace.fail(mode);
      const root = await ana.post(ana.channels.general, GOOD);
      const [answer] = (await workspace.results(root.channel, root.ts)) as [StoredMessage];
      expect(isResult(answer)).toBe(true);
      const thread = await workspace.thread(root.channel, root.ts);
      expect(thread.filter(({ bot_id }) => bot_id !== undefined)).toHaveLength(1);
    },
  );

  it('is said in the thread while it lasts, without asking anything of anybody', async () => {
    await workspace.fail('truncated-downloads:1');
    const root = await ana.post(ana.channels.general, GOOD);
    const waiting = await until(
      async () =>
        (await workspace.thread(root.channel, root.ts)).find(({ text }) =>
          text.includes('retry automatically'),
        ),
      { what: 'a word about the fault' },
    );
    expect(waiting.text).toBe(
      'one-word.wav: The download from Slack was interrupted. Parley will retry automatically.',
    );
    await workspace.results(root.channel, root.ts);
  });

  it('shows how far it is while a file comes slowly', async () => {
    await workspace.fail('slow-downloads');
    const root = await ana.post(ana.channels.general, {
      name: 'slow.ogg',
      bytes: readFileSync(fixture('two-voices.ogg')),
    });
    const reading = await until(
      async () =>
        (await workspace.thread(root.channel, root.ts)).find(({ text }) => /Downloading.* \d+%/.test(text)),
      { what: 'how far it is' },
    );
    expect(shownText(reading)).toMatch(/▰*▱+/);
    expect(isResult((await workspace.results(root.channel, root.ts))[0]!)).toBe(true);
  });
});

describe('a channel that Parley was removed from', () => {
  afterEach(goesOnAfterwards);

  it('keeps its silence, whoever asks there is told apart, and all else goes on', async () => {
    const root = await ana.post(ana.channels.random, GOOD);
    await workspace.results(root.channel, root.ts);
    await workspace.fail('bot-not-in-channel');
    const late = await ana.post(ana.channels.random, GOOD);
    const told = await until(
      async () => {
        const direct = (await workspace.state()).channels.find(({ name }) => name === 'Parley-ana');
        // It is opened before anything is said in it.
        return direct !== undefined && (await workspace.messages(direct.id))[0];
      },
      { what: 'a message to Ana alone' },
    );
    expect(told.text).toBe(
      `In <#${ana.channels.random}>: “one-word.wav” couldn’t be transcribed. Parley isn’t in this channel. ` +
        'Invite it with “/invite @Parley”, then try again.',
    );
    expect(await workspace.thread(late.channel, late.ts)).toHaveLength(1);
  });
});

describe('a speech engine with a problem', () => {
  afterEach(goesOnAfterwards);

  it.each([
    [
      { mode: 'reject-key' } as const,
      'The transcription service doesn’t accept Parley’s key. Your Parley admin needs to check DEEPGRAM_API_KEY.',
    ],
    [
      { mode: 'error', status: 402 } as const,
      'Parley’s account with the transcription service has no credit left. Ask your Parley admin.',
    ],
    [
      { mode: 'error', status: 404 } as const,
      'The transcription service refused the request. ' +
        'Your Parley admin needs to check DEEPGRAM_URL and the log.',
    ],
  ])('is described for the admin, and works again afterwards (%#)', async (behaviour, sentence) => {
    engine.script(behaviour);
    const answer = await ana.answerTo(GOOD);
    expect(sentenceOf(answer)).toBe(sentence);
    if (behaviour.mode === 'reject-key') expect(isResult(await tryAgain(answer))).toBe(true);
  });

  it('that is only busy is asked again by itself', async () => {
    engine.script({ mode: 'busy', retryAfterS: '1' });
    expect(isResult(await ana.answerTo(GOOD))).toBe(true);
  });
});
