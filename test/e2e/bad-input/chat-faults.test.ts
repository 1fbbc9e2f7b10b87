import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { elementFor } from '../support/click.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { isResult, liftRateLimits, type Member, openMember, sentenceOf } from '../support/member.ts';
import { shownText, type Workspace } from '../support/workspace.ts';

/** Faults of Slack, its permissions and the connection to it while a recording is posted. */

let engine: ScriptedEngine;
let parley: LocalParley;
let workspace: Workspace;
let ana: Member;
beforeAll(async () => {
  engine = await startScriptedEngine();
  parley = await startLocalParley({ DEEPGRAM_URL: engine.url, DEEPGRAM_API_KEY: engine.apiKey });
  workspace = parley.workspace;
  await liftRateLimits(workspace);
  ana = await openMember(workspace);
});
afterAll(async () => {
  await parley?.stop();
  await engine?.close();
});

afterEach(() => workspace.fail());

const GOOD = fixture('one-word.wav');
/** Once the fault is over, the next recording has its result. */
const worksAgain = async (): Promise<void> => {
  await workspace.fail();
  expect(isResult(await ana.finalReplyTo(GOOD))).toBe(true);
};

/** Clicks “Try again” under a failure. Resolves with the result that replaces it. */
const tryAgain = async (failure: StoredMessage): Promise<StoredMessage> => {
  await workspace.click({
    as: ana.id,
    message: { channel: failure.channel, ts: failure.ts },
    ...elementFor(failure, 'retry'),
  });
  return until(
    async () => (await workspace.thread(failure.channel, failure.thread_ts ?? '')).find(isResult),
    { what: 'the result of the retry' },
  );
};

describe('a file that is not available', () => {
  afterAll(worksAgain);

  it.each(['message', 'file'] as const)(
    'because its %s was deleted meanwhile leaves nothing',
    async (what) => {
      await workspace.fail('slow-downloads');
      const root = await ana.post(ana.channels.general, fixture('call-two-channels.wav'));
      const thread = () => workspace.thread(root.channel, root.ts);
      await until(async () => (await thread()).some(({ text }) => text.includes('Downloading')), {
        what: 'the progress of the download',
      });
      await (what === 'file' ? workspace.deleteFile(root.files![0]!) : workspace.deleteMessage(root));
      // Slack keeps a deleted root as long as it has answers.
      const left = what === 'file' ? 1 : 0;
      await until(async () => (await thread()).length === left, { what: 'the answer taken back' });
    },
  );

  it('because a permission is missing is reported so, and works once it is granted', async () => {
    await workspace.fail('missing-files-scope');
    const reply = await ana.finalReplyTo(GOOD);
    expect(sentenceOf(reply)).toBe(
      'Parley lacks a permission in Slack (files:read). Ask a workspace admin to reinstall the app with it.',
    );
    await workspace.fail();
    expect(isResult(await tryAgain(reply))).toBe(true);
  });

  it('because Slack answers with its sign-in page is reported as a missing permission', async () => {
    await workspace.fail('download-login-page');
    const reply = await ana.finalReplyTo(GOOD);
    expect(sentenceOf(reply)).toBe(
      'Parley can’t read files in Slack. Ask a workspace admin to reinstall it with the “files:read” permission.',
    );
    await workspace.fail();
    expect(isResult(await tryAgain(reply))).toBe(true);
  });

  it('in the event, because it is of another workspace, is looked up', async () => {
    await workspace.fail('slack-connect-files');
    expect((await ana.finalReplyTo(GOOD)).text).toMatch(/^one-word\.wav · \d+:\d\d · 2 speakers/);
  });
});

describe('a fault that passes', () => {
  it.each([['rate-limit-posts:4'], ['api-500:3'], ['api-error:3']])(
    'is retried until the result is posted: %s',
    async (mode) => {
      await workspace.fail(mode);
      const root = await ana.post(ana.channels.general, GOOD);
      const [reply] = (await workspace.results(root.channel, root.ts)) as [StoredMessage];
      expect(isResult(reply)).toBe(true);
      const thread = await workspace.thread(root.channel, root.ts);
      expect(thread.filter(({ bot_id }) => bot_id !== undefined)).toHaveLength(1);
    },
  );

  it('is reported in the thread while it lasts, and the result follows', async () => {
    await workspace.fail('truncated-downloads:1');
    const root = await ana.post(ana.channels.general, GOOD);
    const waiting = await until(
      async () =>
        (await workspace.thread(root.channel, root.ts)).find(({ text }) =>
          text.includes('retry automatically'),
        ),
      { what: 'a reply about the fault' },
    );
    expect(waiting.text).toBe(
      'one-word.wav: The download from Slack was interrupted. Parley will retry automatically.',
    );
    expect(isResult((await workspace.results(root.channel, root.ts))[0]!)).toBe(true);
  });

  it('of a slow download shows the progress', async () => {
    await workspace.fail('slow-downloads');
    const root = await ana.post(ana.channels.general, {
      name: 'slow.ogg',
      bytes: readFileSync(fixture('two-voices.ogg')),
    });
    const reading = await until(
      async () =>
        (await workspace.thread(root.channel, root.ts)).find(({ text }) => /Downloading.* \d+%/.test(text)),
      { what: 'the progress' },
    );
    expect(shownText(reading)).toMatch(/▰*▱+/);
    expect(isResult((await workspace.results(root.channel, root.ts))[0]!)).toBe(true);
  });
});

describe('a channel that Parley was removed from', () => {
  afterAll(worksAgain);

  it('receives nothing; who posted there is told in a direct message', async () => {
    const root = await ana.post(ana.channels.random, GOOD);
    await workspace.results(root.channel, root.ts);
    await workspace.fail('bot-not-in-channel');
    const late = await ana.post(ana.channels.random, GOOD);
    const direct = await until(
      async () => {
        const channel = (await workspace.state()).channels.find(({ name }) => name === 'Parley-ana');
        // It is opened before anything is posted in it.
        return channel !== undefined && (await workspace.messages(channel.id))[0];
      },
      { what: 'a direct message to Ana' },
    );
    expect(direct.text).toBe(
      `In <#${ana.channels.random}>: “one-word.wav” couldn’t be transcribed. Parley isn’t in this channel. ` +
        'Invite it with “/invite @Parley”, then try again.',
    );
    expect(await workspace.thread(late.channel, late.ts)).toHaveLength(1);
  });
});

describe('a speech engine with a problem', () => {
  afterAll(worksAgain);

  it.each([
    [
      { mode: 'reject-key' } as const,
      'The transcription service doesn’t accept Parley’s key. Your Parley admin needs to check DEEPGRAM_API_KEY.',
    ],
  ])('is reported for the admin, and a retry works (%#)', async (behaviour, sentence) => {
    engine.script(behaviour);
    const reply = await ana.finalReplyTo(GOOD);
    expect(sentenceOf(reply)).toBe(sentence);
    if (behaviour.mode === 'reject-key') expect(isResult(await tryAgain(reply))).toBe(true);
  });

  it('that is busy is called again', async () => {
    engine.script({ mode: 'busy', retryAfterS: '1' });
    expect(isResult(await ana.finalReplyTo(GOOD))).toBe(true);
  });
});
