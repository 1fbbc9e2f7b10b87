import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import {
  type Colleague,
  isResult,
  joinWorkspace,
  mentionsIn,
  sentenceOf,
  unhurried,
} from '../support/colleague.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { shownText, type Workspace } from '../support/workspace.ts';

/**
 * Links that people give, through the whole program. What a name resolves to, and where a public server redirects
 * to, needs a name service and a public server: those are held in test/links.
 */

let engine: ScriptedEngine;
let parley: LocalParley;
let workspace: Workspace;
let ana: Colleague;
/** Another server of this machine, which no link may reach. */
let neighbour: Server;
let visits = 0;

beforeAll(async () => {
  neighbour = createServer((_request, response) => {
    visits += 1;
    response.end('secret');
  }).listen(0, '127.0.0.1');
  engine = await startScriptedEngine();
  parley = await startLocalParley({ DEEPGRAM_URL: engine.url, DEEPGRAM_API_KEY: engine.apiKey });
  workspace = parley.workspace;
  await unhurried(workspace);
  ana = await joinWorkspace(workspace);
});
afterAll(async () => {
  await parley?.stop();
  await engine?.close();
  neighbour?.close();
});

/** The newest message that somebody's command made Parley post, once there is one after `before`. */
const askedAfter = (before: readonly StoredMessage[]): Promise<StoredMessage> =>
  until(
    async () =>
      (await workspace.messages(ana.channels.general)).findLast(
        ({ ts, text }) => text.includes('asked for a transcript') && !before.some((known) => known.ts === ts),
      ),
    { what: 'a message that says who asked' },
  );

/** Types `/transcribe LINK` in `general`; gives the message it made, and Parley's final answer under it. */
const commanded = async (link: string): Promise<{ asked: StoredMessage; answer: StoredMessage }> => {
  const before = await workspace.messages(ana.channels.general);
  await ana.type(ana.channels.general, `/transcribe ${link}`);
  const asked = await askedAfter(before);
  const [answer] = (await workspace.results(asked.channel, asked.ts)) as [StoredMessage];
  return { asked, answer };
};

/** A link to a recording that the workspace itself serves. */
const linkInWorkspace = async (name: string, saidName = name): Promise<string> => {
  const bytes = readFileSync(fixture(name));
  const { id } = await workspace.upload({ name, bytes }, ana.id);
  return `${workspace.url}/control/files/${id}/${encodeURIComponent(saidName)}`;
};

describe('a link into the local workspace', () => {
  it('gets its result, under a message that says who asked', async () => {
    const { asked, answer } = await commanded(await linkInWorkspace('two-voices.wav'));
    expect(isResult(answer)).toBe(true);
    expect(answer.text).toMatch(/^two-voices\.wav: 2 speakers/);
    // The one mention that Parley makes: of the person who typed the command.
    expect(mentionsIn(asked)).toContain(`<@${ana.id}>`);
  });

  it('gets its result from the menu of a message that holds it', async () => {
    const link = await linkInWorkspace('one-word.wav');
    const message = await workspace.post({
      channel: ana.channels.general,
      as: ana.id,
      text: `Listen to ${link} when you can`,
    });
    await ana.transcribe(message);
    const [answer] = (await workspace.results(message.channel, message.ts)) as [StoredMessage];
    expect(answer.text).toMatch(/^one-word\.wav: 2 speakers/);
  });

  it('keeps a path in the name out of title and files', async () => {
    const { answer } = await commanded(await linkInWorkspace('one-word.wav', '../../etc/passwd.wav'));
    expect(answer.text).toMatch(/^passwd\.wav: 2 speakers/);
    expect((await ana.exported(answer, 'txt')).file.name).toBe('passwd.txt');
  });

  it('is told when it leads to a page', async () => {
    const { answer } = await commanded(`${workspace.url}/`);
    expect(sentenceOf(answer)).toBe(
      'That link leads to a web page, not a recording. Use a direct link to the audio or video file.',
    );
  });

  it('is told when there is nothing', async () => {
    const { answer } = await commanded(`${workspace.url}/control/files/F0/gone.wav`);
    expect(sentenceOf(answer)).toBe('There’s no file at that link. Check it in your browser.');
  });
});

describe('a link to anywhere else on this machine or its network', () => {
  const PRIVATE = 'Parley can’t open links to private networks. Upload the file here instead.';

  beforeEach(() => {
    visits = 0;
  });
  afterEach(() => expect(visits).toBe(0));

  it.each([
    'http://127.0.0.1:NEIGHBOUR/x.wav',
    'http://localhost:NEIGHBOUR/x.wav',
    'http://localhost:WORKSPACE/x.wav',
    'http://[::1]/x.wav',
    'http://169.254.169.254/latest/meta-data',
    'http://2130706433:NEIGHBOUR/x.wav',
    'http://[::ffff:127.0.0.1]:WORKSPACE/x.wav',
  ])('is refused with a sentence: %s', async (link) => {
    const { answer } = await commanded(
      link
        .replace('NEIGHBOUR', String((neighbour.address() as AddressInfo).port))
        .replace('WORKSPACE', new URL(workspace.url).port),
    );
    expect(sentenceOf(answer)).toBe(PRIVATE);
    expect(JSON.stringify(answer)).not.toContain('Try again');
  });

  it('leaves the workspace’s own links as they were', async () => {
    expect(isResult((await commanded(await linkInWorkspace('one-word.wav'))).answer)).toBe(true);
  });
});

describe('what is no link to follow', () => {
  const NO_LINK =
    'That isn’t a link that Parley can open. ' +
    'Type /transcribe and a full link to a recording, starting with https://.';

  it.each([
    'garbage',
    'two words',
    'file:///etc/passwd',
    'ftp://example.com/x.wav',
    'javascript:alert(1)',
    '//x/y',
  ])('is told to the one who typed it, and to nobody else: %s', async (typed) => {
    const before = await workspace.messages(ana.channels.general);
    await ana.type(ana.channels.general, `/transcribe ${typed}`);
    const whisper = await until(
      async () =>
        (await workspace.messages(ana.channels.general)).find(
          ({ ts, ephemeral_to }) => ephemeral_to === ana.id && !before.some((known) => known.ts === ts),
        ),
      { what: 'a word to the one who typed' },
    );
    expect(whisper.text).toBe(NO_LINK);
    expect((await workspace.messages(ana.channels.general)).length).toBe(before.length + 1);
  });

  it('explains the command when nothing follows it', async () => {
    await ana.type(ana.channels.random, '/transcribe');
    expect(shownText(await ana.whisper(ana.channels.random, 'Post an audio or video file'))).toContain(
      '/transcribe',
    );
  });

  it('never shows the channel a password that somebody typed', async () => {
    await ana.type(ana.channels.random, '/transcribe http://ana:hunter2@example.com/x.wav');
    const whisper = await ana.whisper(ana.channels.random, 'password');
    expect(whisper.text).toBe(
      'That link contains a username or password that everyone here would see. Use a link without them.',
    );
    expect(JSON.stringify(await workspace.messages(ana.channels.random))).not.toContain('hunter2');
  });

  it('is told from the menu of a message too, with nothing in it', async () => {
    const message = await workspace.post({ channel: ana.channels.random, as: ana.id, text: 'Good morning' });
    await ana.transcribe(message);
    expect((await ana.whisper(message.channel, 'no file or link', message)).text).toBe(
      'This message has no file or link to transcribe. Choose a message with a recording.',
    );
  });
});

describe('where Parley is not a member', () => {
  it('says so for the command', async () => {
    await ana.type(ana.channels.quiet, `/transcribe ${await linkInWorkspace('one-word.wav')}`);
    expect((await ana.whisper(ana.channels.quiet, '/invite')).text).toBe(
      'Parley isn’t in this channel. Invite it with “/invite @Parley”, then try again.',
    );
  });

  it('says so for the menu of a message', async () => {
    const message = await ana.post(ana.channels.quiet, fixture('one-word.wav'));
    await ana.transcribe(message);
    expect((await ana.whisper(message.channel, '/invite', message)).text).toBe(
      'Parley isn’t in this channel. Invite it with “/invite @Parley”, then try again.',
    );
  });
});
