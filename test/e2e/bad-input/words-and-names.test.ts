import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { responseWith, type ScriptedWord } from '../../../sandbox/engine/scripted/response.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { isResult, liftRateLimits, type Member, mentionsIn, openMember } from '../support/member.ts';
import { shownText } from '../support/workspace.ts';

/** Words, speakers, lengths and names that an engine and people may give, through a scripted engine. */

let engine: ScriptedEngine;
let parley: LocalParley;
let ana: Member;
beforeAll(async () => {
  engine = await startScriptedEngine();
  parley = await startLocalParley({ DEEPGRAM_URL: engine.url, DEEPGRAM_API_KEY: engine.apiKey });
  await liftRateLimits(parley.workspace);
  ana = await openMember(parley.workspace);
});
afterAll(async () => {
  await parley?.stop();
  await engine?.close();
});

/** The result of a recording that the engine transcribes to these words, half a second each. */
const resultOf = async (
  words: readonly { readonly text: string; readonly speaker?: number }[],
  name = 'talk.wav',
): Promise<StoredMessage> => {
  const channel = words.map(
    ({ text, speaker }, i): ScriptedWord => ({
      word: text.toLowerCase(),
      punctuated: text,
      startMs: i * 500,
      endMs: i * 500 + 400,
      ...(speaker === undefined ? {} : { speaker }),
    }),
  );
  engine.script({
    mode: 'ok',
    answer: responseWith({ channels: [channel], durationMs: words.length * 500, language: 'en' }),
  });
  const reply = await ana.finalReplyTo({ name, bytes: readFileSync(fixture('one-word.wav')) });
  expect(isResult(reply)).toBe(true);
  return reply;
};

const altTextOf = (message: StoredMessage): string =>
  (message.blocks as { alt_text?: string }[]).find(({ alt_text }) => alt_text !== undefined)?.alt_text ?? '';

describe('speakers', () => {
  it('may be one with a single word', async () => {
    const result = await resultOf([{ text: 'Yes.', speaker: 0 }]);
    expect(shownText(result)).toContain('0:01 · 1 speaker');
    expect(shownText(result)).toContain('Speaker 1 (0:00): Yes.');
  });

  it('may be one', async () => {
    const result = await resultOf(
      'We shall meet on Monday. Bring a spade.'.split(' ').map((text) => ({ text, speaker: 3 })),
    );
    expect(shownText(result)).toContain('1 speaker');
    expect(shownText(result)).toContain('Bring a spade.');
  });

  it('may be nine: each has its share in figures and alt text, and together they are 100%', async () => {
    const result = await resultOf(
      Array.from({ length: 90 }, (_, i) => ({ text: `word${i}`, speaker: Math.floor(i / 10) })),
    );
    expect(shownText(result)).toContain('9 speakers');
    const shares = [...altTextOf(result).matchAll(/Speaker (\d) (\d+)%/g)].map((match) => Number(match[2]));
    expect(shares).toHaveLength(9);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(100);
    for (let speaker = 1; speaker <= 9; speaker += 1)
      expect(shownText(result)).toMatch(new RegExp(`Speaker ${speaker}: 1[12]%`));
  });

  it('keep words that the engine attributes to no one', async () => {
    const texts = 'Shall we plant the apple tree here? Yes, beside the fence.'.split(' ');
    const result = await resultOf(
      texts.map((text, i) => (i % 3 === 1 ? { text } : { text, speaker: i < 7 ? 0 : 1 })),
    );
    expect(shownText(result)).toContain('2 speakers');
    for (const text of texts) expect(shownText(result)).toContain(text);
  });

  it('are one when the engine attributes no word', async () => {
    const result = await resultOf('Nobody knows who says this.'.split(' ').map((text) => ({ text })));
    expect(shownText(result)).toContain('1 speaker');
    expect(shownText(result)).toContain('Nobody knows who says this.');
  });
});

describe('six hours of speech', () => {
  const MOST_BLOCK_CHARACTERS = 13_200;
  const WORDS = 60_000;

  it('have a message within Slack’s limits, and the full transcript as a file below it', async () => {
    const words = Array.from(
      { length: WORDS },
      (_, i): ScriptedWord => ({
        word: `w${i}`,
        punctuated: i % 12 === 11 ? `w${i}.` : `w${i}`,
        startMs: i * 360,
        endMs: i * 360 + 300,
        speaker: Math.floor(i / 40) % 3,
      }),
    );
    engine.script({ mode: 'ok', answer: responseWith({ channels: [words], durationMs: 6 * 3_600_000 }) });
    const root = await ana.post(ana.channels.general, fixture('one-word.wav'));
    const [result] = (await parley.workspace.results(root.channel, root.ts, 1, 40_000)) as [StoredMessage];

    expect(shownText(result)).toContain('6:00:00 · 3 speakers');
    expect(result.blocks?.length).toBeLessThanOrEqual(50);
    expect(JSON.stringify(result.blocks).length).toBeLessThan(MOST_BLOCK_CHARACTERS);
    expect(result.text.length).toBeLessThan(4_000);
    expect(shownText(result)).toContain('The full transcript is attached below.');
    const file = await ana.sharedFile(result, 'txt');
    expect(file.text.match(/\bw\d+\b/g)).toEqual(words.map(({ word }) => word));
  });
});

const SOMETHING = [
  { text: 'Hello,', speaker: 0 },
  { text: 'friend.', speaker: 1 },
];

describe('names of people', () => {
  it('may be right-to-left or have emoji, without effect on the text around them', async () => {
    const dana = 'דנה כהן';
    const family = '👩‍👩‍👧‍👦 Łukasz';
    const result = await resultOf(SOMETHING);
    await ana.nameSpeakers(await ana.openNameSpeakers(result), [dana, family]);
    const named = await ana.onceShown(result, family);
    // Isolated, so that the share stays behind the name.
    expect(shownText(named)).toMatch(/\u2068דנה כהן\u2069: \d+%/);
    expect(altTextOf(named)).toContain(dana);
    expect(altTextOf(named)).toContain(family);
    const { text } = await ana.exported(named, 'txt');
    expect(text).toContain(`${dana}: Hello,`);
    expect(text).toContain(`${family}: friend.`);
  });

  it('have no control characters or line breaks', async () => {
    const result = await resultOf(SOMETHING);
    await ana.nameSpeakers(await ana.openNameSpeakers(result), [
      'Mallory\u202egnp.exe',
      '  Ben\u0000\u2028Smith  ',
    ]);
    const named = await ana.onceShown(result, 'Mallory');
    expect(JSON.stringify(named)).not.toMatch(/[\u202e\u2028]|\\u0000/);
    expect(shownText(named)).toContain('Ben Smith');
  });
});

describe('names of files', () => {
  const cases: [name: string, title: string, fileName: string][] = [
    ['تسجيل الاجتماع 🎙️.wav', 'تسجيل الاجتماع 🎙️.wav', 'تسجيل الاجتماع 🎙️.txt'],
    ['../../etc/passwd.mp3', 'passwd.mp3', 'passwd.txt'],
    ['C:\\Users\\ana\\x.mp3', 'x.mp3', 'x.txt'],
    ['..mp3', '..mp3', 'transcript.txt'],
    ['con.wav', 'con.wav', '_con.txt'],
    ['quarter "4"? a|b*.wav', 'quarter "4"? a|b*.wav', 'quarter 4 a b.txt'],
    [
      `${'long '.repeat(59)}.wav`,
      `${'long '.repeat(25)}long… · 0:02 · 2 speakers`,
      `${'long '.repeat(32).trim()}.txt`,
    ],
  ];
  let results: StoredMessage[] = [];
  beforeAll(async () => {
    const bytes = readFileSync(fixture('one-word.wav'));
    const root = await ana.post(ana.channels.random, ...cases.map(([name]) => ({ name, bytes })));
    results = await parley.workspace.results(root.channel, root.ts, cases.length);
  });

  it.each(cases.map(([name, title, fileName], index) => ({ name, title, fileName, index })))(
    'may be $name, in the reply and in its files',
    async ({ title, fileName, index }) => {
      const result = results[index]!;
      expect(isResult(result)).toBe(true);
      expect(shownText(result)).toContain(title);
      expect((await ana.exported(result, 'txt')).file.name).toBe(fileName);
    },
  );
});

const TRICKS = [
  '<!channel>',
  '<!here|here>',
  '<@U0000000001>',
  '<#C0000000001>',
  '&lt;!everyone&gt;',
  '<!subteam^S1>',
];

describe('words and names that Slack would parse as mentions', () => {
  it('stay text in message, dialog, Home tab and files', async () => {
    const name = '<!channel> <@U0000000001>.wav';
    const result = await resultOf(
      TRICKS.map((text, i) => ({ text, speaker: i % 2 })),
      name,
    );
    expect(mentionsIn(result)).toEqual([]);
    for (const trick of TRICKS) expect(JSON.stringify(result.blocks)).toContain(trick);
    expect(shownText(result)).toContain('<!channel> <@U0000000001>.wav');

    const dialog = await ana.openNameSpeakers(result);
    expect(mentionsIn(dialog.view)).toEqual([]);
    expect(JSON.stringify(dialog.view)).toContain('<!channel>');
    await ana.nameSpeakers(dialog, ['<!everyone>', '<@U0000000001> &amp; *Co*']);
    const named = await ana.onceShown(result, '<!everyone>');
    expect(mentionsIn(named)).toEqual([]);
    expect(named.text).toContain('&lt;!everyone&gt;');
    expect(altTextOf(named)).toContain('<@U0000000001> &amp; *Co*');
    expect(mentionsIn((await ana.openNameSpeakers(named)).view)).toEqual([]);

    const home = await parley.workspace.home(ana.id);
    expect(JSON.stringify(home)).toContain('<!channel>');
    expect(mentionsIn(home)).toEqual([]);

    const { file, text } = await ana.exported(named, 'vtt');
    expect(file.name).not.toMatch(/[<>]/);
    expect(text).toContain('<v &lt;!everyone&gt;>');
    const thread = await parley.workspace.thread(result.channel, result.thread_ts ?? '');
    expect(thread.filter(({ bot_id }) => bot_id !== undefined).flatMap(mentionsIn)).toEqual([]);
  });
});

describe('what a spreadsheet would execute', () => {
  it('is text in the CSV', async () => {
    const result = await resultOf([
      { text: '=HYPERLINK("http://evil.example","Click")', speaker: 0 },
      { text: '+1', speaker: 1 },
      { text: '@SUM(A1)', speaker: 2 },
      { text: '-2', speaker: 3 },
    ]);
    await ana.nameSpeakers(await ana.openNameSpeakers(result), ['=1+1', '@Ben']);
    const { text } = await ana.exported(await ana.onceShown(result, '=1+1'), 'csv');
    const rows = text
      .replace(/^\ufeff/, '')
      .trim()
      .split('\r\n')
      .slice(1);
    expect(rows).toHaveLength(4);
    for (const row of rows) expect(row).not.toMatch(/(?:^|,)"?[=+\-@]/);
    expect(text).toContain(`'=1+1,"'=HYPERLINK(""http://evil.example"",""Click"")"`);
    expect(text).toContain("'@Ben,'+1");
  });
});

it('the next ordinary recording has its result', async () => {
  const reply = await ana.finalReplyTo(fixture('one-word.wav'));
  expect(isResult(reply)).toBe(true);
  expect(shownText(reply)).toContain('Hello, there.');
});
