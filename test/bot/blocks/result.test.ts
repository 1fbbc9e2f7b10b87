import type { KnownBlock } from '@slack/types';
import { describe, expect, test } from 'vitest';
import { buildDetails } from '../../../src/bot/blocks/details.ts';
import { buildResult } from '../../../src/bot/blocks/result.ts';
import { parseShare, shareMenu } from '../../../src/bot/blocks/share-menu.ts';
import { talkTimePie } from '../../../src/core/chart.ts';
import { EXPORT_FORMATS } from '../../../src/core/conversation/types.ts';
import type { ConversationId } from '../../../src/core/ids.ts';
import { resultOf, SHORT, says } from '../support/conversation.ts';
import { expectSlackTakes, expectSlackTakesView, readable } from '../support/slack-limits.ts';

const typesOf = (blocks: readonly KnownBlock[]) => blocks.map(({ type }) => type);
const actionIds = (blocks: readonly KnownBlock[]) =>
  blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((element) => ('action_id' in element ? element.action_id : ''))
      : [],
  );

describe('a short conversation', () => {
  const built = buildResult(resultOf(SHORT));

  test('is whole in the message, within every limit', () => {
    expect(built.whole).toBe(true);
    expectSlackTakes(built);
  });

  test('has length and speakers in its title, what to do below it, then chart, figures and words', () => {
    expect(typesOf(built.blocks)).toEqual([
      'header',
      'actions',
      'image',
      'rich_text',
      'divider',
      'rich_text',
      'rich_text',
      'rich_text',
    ]);
    expect(readable(built.blocks)).toMatch(/^weekly\.mp3 · 0:09 · 2 speakers\n/);
  });

  test('has one line a speaker, with the colour and the letter of the chart', () => {
    const shown = readable(built.blocks);
    expect(shown).toContain(':large_blue_square: A · Speaker 1  56% · 0:03\n');
    expect(shown).toContain(':large_orange_square: B · Speaker 2  44% · 0:02\n');
  });

  test('gives every paragraph with speaker and time', () => {
    expect(readable(built.blocks)).toContain(
      ':large_orange_square: B · Speaker 2  0:03\nYes please. I have the numbers here.',
    );
  });

  test('has the same as text, for screen readers and notifications', () => {
    expect(built.text).toContain(
      'weekly.mp3 · 0:09 · 2 speakers\nSpeaker 1: 56% · 0:03\nSpeaker 2: 44% · 0:02\n',
    );
    expect(built.text).toContain('Speaker 2 (0:03): Yes please. I have the numbers here.');
  });

  test('offers naming, one menu for sharing, and the details', () => {
    expect(actionIds(built.blocks)).toEqual(['name_speakers', 'share_transcript', 'talk_time_details']);
  });
});

test('speakers stand in one order in chart, list and transcript, whoever speaks longest', () => {
  const words = [...says(0, 0, 'Hm.'), ...says(1, 2_000, 'And here is all that I have to say about it.')];
  const message = resultOf(words);
  const labels = talkTimePie(message.transcript, message.talkTime).slices.map(
    ({ letter, label }) => `${letter} · ${label}`,
  );
  expect(labels).toEqual(['A · Speaker 1', 'B · Speaker 2']);
  const shown = readable(buildResult(message).blocks);
  expect([...shown.matchAll(/[AB] · Speaker \d/g)].map(([label]) => label)).toEqual([...labels, ...labels]);
});

describe('a short voice message', () => {
  const built = buildResult(
    resultOf(says(0, 0, 'I will be late, start without me.'), { message: { chart: null } }),
  );

  test('gives its words first, then what to do; its figures are behind the button', () => {
    expect(typesOf(built.blocks)).toEqual(['header', 'rich_text', 'actions']);
    expect(readable(built.blocks)).toContain(
      'weekly.mp3 · 0:03 · 1 speaker\n:large_blue_square: Speaker 1  0:00\nI will',
    );
    expect(actionIds(built.blocks)).toContain('talk_time_details');
    expect(built.text).toBe(
      'weekly.mp3 · 0:03 · 1 speaker\n\nSpeaker 1 (0:00): I will be late, start without me.',
    );
    expectSlackTakes(built);
  });

  test('is one below a minute only: a longer one has chart and figures', () => {
    const long = resultOf(says(0, 0, 'I will be late.'), { heard: { durationMs: 60_000 } });
    expect(typesOf(buildResult(long).blocks)).toContain('image');
    expect(readable(buildResult(long).blocks)).toContain(':large_blue_square: Speaker 1  100% · 0:01');
  });
});

describe('the menu “Share transcript…”', () => {
  const menu = shareMenu('conversation-1' as ConversationId);

  test('has every format twice, to the person and to the thread, and values that it reads back', () => {
    const groups = menu.option_groups!;
    expect(groups.map(({ label }) => label.text)).toEqual(['Send to me', 'Post in thread']);
    const chosen = groups.map(({ options }) => options.map(({ value }) => parseShare(value!)));
    for (const [at, way] of (['send', 'post'] as const).entries())
      expect(chosen[at]).toEqual(
        EXPORT_FORMATS.map((format) => ({ way, format, conversationId: 'conversation-1' })),
      );
  });

  test('reads nothing else', () => {
    for (const value of ['', 'post', 'post:exe:c1', 'burn:txt:c1']) expect(parseShare(value)).toBeNull();
  });
});

describe('the details', () => {
  const heard = {
    languages: [
      { tag: 'de', share: 0.9 },
      { tag: 'en', share: 0.1 },
    ],
  };
  const shown = (view: object) => readable(view).replaceAll('*', '');

  test('have every figure of the conversation and of each speaker', () => {
    const view = buildDetails(resultOf(SHORT, { heard }));
    expectSlackTakesView(view, 'modal');
    expect(shown(view.blocks)).toContain('weekly.mp3\n0:09 · 2 speakers · German, some English\n');
    expect(shown(view.blocks)).toMatch(
      /Talking: 0:\d\d \(\d+%\)Silence: 0:\d\d \(\d+%\)Overlap: 0:00 \(0%\)/,
    );
    expect(shown(view.blocks)).toMatch(
      /A · Speaker 1\nTalk time: 0:03 \(56%\)Turns: 2Longest turn: 0:02Questions: 1Interruptions: 0Pace: \d+ words\/minResponse time: 1\.6 s/,
    );
  });

  test('of two hundred speakers fit into a dialog, the longest speaking ones', () => {
    const words = Array.from({ length: 200 }, (_, n) =>
      says(n, n * 9_000, n < 100 ? 'word' : 'two words'),
    ).flat();
    const view = buildDetails(resultOf(words));
    expectSlackTakesView(view, 'modal');
    expect(shown(view.blocks)).toMatch(/155 others: \d+%/);
    expect(shown(view.blocks)).toContain('CW · Speaker 101');
  });
});

test('without a chart a line says so, and the figures stand alone', () => {
  const built = buildResult(resultOf(SHORT, { message: { chart: null } }));
  expect(typesOf(built.blocks)).not.toContain('image');
  expect(readable(built.blocks)).toContain('The chart couldn’t be created');
  expectSlackTakes(built);
});

test('of words without any length it says that there is no talk time', () => {
  const timeless = SHORT.map((word) => ({ ...word, startMs: 0, endMs: 0 }));
  const built = buildResult(resultOf(timeless, { message: { chart: null } }));
  expect(readable(built.blocks)).toContain('There is no talk time');
  expectSlackTakes(built);
});

test('says when many words are uncertain', () => {
  const doubted = SHORT.map((word, at) => ({ ...word, confidence: at % 4 === 0 ? 0.3 : 0.9 }));
  expect(readable(buildResult(resultOf(doubted)).blocks)).toMatch(/\d\d% of the words are uncertain\./);
});

test('says that speaker labels may be wrong, and shows the engine’s remarks', () => {
  const built = buildResult(
    resultOf(SHORT, { heard: { approximateSpeakers: true, remarks: ['English only.'] } }),
  );
  expect(readable(built.blocks)).toContain('Speaker labels may be wrong');
  expect(readable(built.blocks)).toContain('English only.');
  expect(readable(buildResult(resultOf(SHORT)).blocks)).not.toContain('may be wrong');
});

test('a long transcript shows its beginning and leads to the file', () => {
  const words = Array.from({ length: 600 }, (_, turn) =>
    says(turn % 2, turn * 6_000, `This is turn number ${turn} and it has some words in it.`),
  ).flat();
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(false);
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain('This is turn number 0 ');
  expect(readable(built.blocks)).not.toContain('This is turn number 599 ');
  expect(readable(built.blocks)).toContain('The full transcript is attached below.');
});

test('one paragraph too long for a block is split without losing a word', () => {
  const words = says(0, 0, Array.from({ length: 280 }, (_, n) => `quiteLongWord${n}`).join(' ')).map(
    (word, n) => ({
      ...word,
      startMs: n * 200,
      endMs: n * 200 + 200,
    }),
  );
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(true);
  expectSlackTakes(built);
  for (const { text } of words) expect(readable(built.blocks)).toContain(text);
});

test('many short turns share blocks when fifty are not enough', () => {
  const words = Array.from({ length: 45 }, (_, turn) => says(turn % 2, turn * 4_500, 'Yes. No.')).flat();
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(true);
  expect(built.blocks.length).toBeLessThanOrEqual(50);
  expectSlackTakes(built);
});

test('nine speakers have nine lines, the ninth in white like everyone past the palette', () => {
  const words = Array.from({ length: 9 }, (_, n) =>
    says(n, n * 5_000, 'This is what I think about it.'),
  ).flat();
  const built = buildResult(resultOf(words));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain(':large_blue_square: A · Speaker 1');
  expect(readable(built.blocks)).toContain(':white_large_square: I · Speaker 9  ');
});

test('forty speakers are summed up past the twelve who spoke longest', () => {
  const words = Array.from({ length: 40 }, (_, n) => says(n, n * 9_000, 'word '.repeat(n + 1).trim())).flat();
  const built = buildResult(resultOf(words));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toMatch(/28 others: \d+%/);
});

test('nothing that people say or call themselves can mention, link or format', () => {
  const words = says(0, 0, '<!channel> <@U1> *bold* &amp; <https://example.com|x> `code`');
  const built = buildResult(
    resultOf(words, {
      names: { '0:0': { name: '<!here> *Bob*' } },
      message: { title: '<!everyone> & co.mp3' },
    }),
  );
  expectSlackTakes(built);
  expect(built.text).not.toMatch(/<[!@h]/);
  expect(built.text).toContain('&lt;!channel&gt; &lt;@U1&gt;');
  // In the blocks it stands as it was said, in places that Slack does not parse.
  expect(readable(built.blocks)).toContain('<!channel> <@U1> *bold* &amp;');
  expect(JSON.stringify(built.blocks)).not.toContain('mrkdwn');
});

test('right-to-left and emoji names keep their place, and tricks with direction are taken out', () => {
  const names = {
    '0:0': { name: 'שרה לוי' },
    '0:1': { name: '👩‍👩‍👧‍👦\u202Eevil\u200B name' },
  };
  const built = buildResult(resultOf(SHORT, { names }));
  expectSlackTakes(built);
  expect(readable(built.blocks)).toContain(' A · \u2068שרה לוי\u2069  56%');
  expect(readable(built.blocks)).toContain(' B · 👩‍👩‍👧‍👦evil name  44%');
});

test('names and titles of any length, and halves of characters, stay within the limits', () => {
  const built = buildResult(
    resultOf(SHORT, {
      names: { '0:0': { name: '🦊'.repeat(500) }, '0:1': { name: 'ا'.repeat(500) } },
      message: {
        title: `\ud83e${'語'.repeat(500)}`,
        chart: { fileId: 'F1' as never, altText: 'x'.repeat(5_000) },
      },
      heard: { remarks: Array.from({ length: 30 }, () => 'y'.repeat(900)) },
    }),
  );
  expectSlackTakes(built);
});

test('six hours of words are built within the limits and without delay', () => {
  const words = Array.from({ length: 54_000 }, (_, n) => ({
    ...says((n >> 5) % 4, n * 400, n % 12 === 11 ? 'end.' : 'word')[0]!,
  }));
  const built = buildResult(resultOf(words));
  expect(built.whole).toBe(false);
  expectSlackTakes(built);
});

test('a transcript without spaces is split as well', () => {
  const word = { ...says(0, 0, 'x')[0]!, text: '語'.repeat(4_000), endMs: 60_000 };
  const built = buildResult(resultOf([word]));
  expectSlackTakes(built);
  expect(readable(built.blocks).match(/語/gu)).toHaveLength(4_000);
});
