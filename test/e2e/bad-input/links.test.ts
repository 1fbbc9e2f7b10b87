import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { until } from '../../support/until.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import {
  isResult,
  liftRateLimits,
  type Member,
  mentionsIn,
  openMember,
  sentenceOf,
} from '../support/member.ts';
import { shownText, type Workspace } from '../support/workspace.ts';

/**
 * Links that people post, through the whole program. All kinds of private addresses, names and redirects are in
 * test/links.
 */

let engine: ScriptedEngine;
let parley: LocalParley;
let workspace: Workspace;
let ana: Member;
/** Another server on this machine, which no link may reach. */
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
  await liftRateLimits(workspace);
  ana = await openMember(workspace);
});
afterAll(async () => {
  await parley?.stop();
  await engine?.close();
  neighbour?.close();
});

/** The message that Parley posts for a command: one that is not in `before`. */
const requestAfter = (before: readonly StoredMessage[]): Promise<StoredMessage> =>
  until(
    async () =>
      (await workspace.messages(ana.channels.general)).findLast(
        ({ ts, text }) => text.includes('asked for a transcript') && !before.some((known) => known.ts === ts),
      ),
    { what: 'the message of the request' },
  );

/** Types `/parley transcribe LINK` in `general`. Resolves with Parley’s message and its final reply. */
const transcribeLink = async (link: string): Promise<{ request: StoredMessage; reply: StoredMessage }> => {
  const before = await workspace.messages(ana.channels.general);
  await ana.type(ana.channels.general, `/parley transcribe ${link}`);
  const request = await requestAfter(before);
  const [reply] = (await workspace.results(request.channel, request.ts)) as [StoredMessage];
  return { request, reply };
};

/** A link to a recording that the workspace itself serves. */
const linkInWorkspace = async (name: string, saidName = name): Promise<string> => {
  const bytes = readFileSync(fixture(name));
  const { id } = await workspace.upload({ name, bytes }, ana.id);
  return `${workspace.url}/control/files/${id}/${encodeURIComponent(saidName)}`;
};

describe('a link into the local workspace', () => {
  it('has its result, under a message that names who requested it', async () => {
    const { request, reply } = await transcribeLink(await linkInWorkspace('two-voices.wav'));
    expect(isResult(reply)).toBe(true);
    expect(reply.text).toMatch(/^two-voices\.wav · \d+:\d\d · 2 speakers/);
    // Parley mentions only the person who typed the command.
    expect(mentionsIn(request)).toContain(`<@${ana.id}>`);
  });

  it('has its result from the menu of its message', async () => {
    const link = await linkInWorkspace('one-word.wav');
    const message = await workspace.post({
      channel: ana.channels.general,
      as: ana.id,
      text: `Listen to ${link} when you can`,
    });
    await ana.transcribe(message);
    const [reply] = (await workspace.results(message.channel, message.ts)) as [StoredMessage];
    expect(reply.text).toMatch(/^one-word\.wav · \d+:\d\d · 2 speakers/);
  });

  it('keeps a path in the name out of title and files', async () => {
    const { reply } = await transcribeLink(await linkInWorkspace('one-word.wav', '../../etc/passwd.wav'));
    expect(reply.text).toMatch(/^passwd\.wav · \d+:\d\d · 2 speakers/);
    expect((await ana.exported(reply, 'txt')).file.name).toBe('passwd.txt');
  });

  it('to a web page is refused with a sentence', async () => {
    const { reply } = await transcribeLink(`${workspace.url}/`);
    expect(sentenceOf(reply)).toBe(
      'That link leads to a web page, not a recording. Use a direct link to the audio or video file.',
    );
  });

  it('without a file is refused with a sentence', async () => {
    const { reply } = await transcribeLink(`${workspace.url}/control/files/F0/gone.wav`);
    expect(sentenceOf(reply)).toBe('There’s no file at that link. Check it in your browser.');
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
    'http://localhost:WORKSPACE/x.wav',
    'http://169.254.169.254/latest/meta-data',
  ])('is refused with a sentence: %s', async (link) => {
    const { reply } = await transcribeLink(
      link
        .replace('NEIGHBOUR', String((neighbour.address() as AddressInfo).port))
        .replace('WORKSPACE', new URL(workspace.url).port),
    );
    expect(sentenceOf(reply)).toBe(PRIVATE);
    expect(JSON.stringify(reply)).not.toContain('Try again');
  });

  it('leaves the workspace’s own links as they were', async () => {
    expect(isResult((await transcribeLink(await linkInWorkspace('one-word.wav'))).reply)).toBe(true);
  });
});

describe('text that is not a link', () => {
  const NO_LINK =
    'That isn’t a link that Parley can open. ' +
    'Type /parley transcribe and a full link to a recording, starting with https://.';

  it.each(['garbage', 'file:///etc/passwd'])(
    'is explained to who typed it, and to no one else: %s',
    async (typed) => {
      const before = await workspace.messages(ana.channels.general);
      await ana.type(ana.channels.general, `/parley transcribe ${typed}`);
      const ephemeral = await until(
        async () =>
          (await workspace.messages(ana.channels.general)).find(
            ({ ts, ephemeral_to }) => ephemeral_to === ana.id && !before.some((known) => known.ts === ts),
          ),
        { what: 'an ephemeral message' },
      );
      expect(ephemeral.text).toBe(NO_LINK);
      expect((await workspace.messages(ana.channels.general)).length).toBe(before.length + 1);
    },
  );

  it('is not needed for help: the command alone explains itself', async () => {
    // Typed as the command of its own that the local workspace has.
    await ana.type(ana.channels.random, '/transcribe');
    expect(shownText(await ana.ephemeral(ana.channels.random, 'Post an audio or video file'))).toContain(
      '/transcribe',
    );
  });

  it('with a password is never shown to the channel', async () => {
    await ana.type(ana.channels.random, '/parley transcribe http://ana:hunter2@example.com/x.wav');
    const ephemeral = await ana.ephemeral(ana.channels.random, 'password');
    expect(ephemeral.text).toBe(
      'That link contains a username or password that everyone here would see. Use a link without them.',
    );
    expect(JSON.stringify(await workspace.messages(ana.channels.random))).not.toContain('hunter2');
  });

  it('in a message without file or link is explained from its menu', async () => {
    const message = await workspace.post({ channel: ana.channels.random, as: ana.id, text: 'Good morning' });
    await ana.transcribe(message);
    expect((await ana.ephemeral(message.channel, 'no file or link', message)).text).toBe(
      'This message has no file or link to transcribe. Choose a message with a recording.',
    );
  });
});

describe('where Parley is not a member', () => {
  it('says so for the command', async () => {
    await ana.type(ana.channels.quiet, `/parley transcribe ${await linkInWorkspace('one-word.wav')}`);
    expect((await ana.ephemeral(ana.channels.quiet, '/invite')).text).toBe(
      'Parley isn’t in this channel. Invite it with “/invite @Parley”, then try again.',
    );
  });

  it('says so for the menu of a message', async () => {
    const message = await ana.post(ana.channels.quiet, fixture('one-word.wav'));
    await ana.transcribe(message);
    expect((await ana.ephemeral(message.channel, '/invite', message)).text).toBe(
      'Parley isn’t in this channel. Invite it with “/invite @Parley”, then try again.',
    );
  });
});
