import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { quickTime } from '../../speech/container/movies.ts';
import { fixture } from '../../support/fixtures.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { isResult, type Member, openMember, type Recording, sentenceOf } from '../support/member.ts';
import { shownText } from '../support/workspace.ts';

/** Files that people post by mistake, or damaged, through the local engine. */

let parley: LocalParley;
let ana: Member;
beforeAll(async () => {
  parley = await startLocalParley();
  ana = await openMember(parley.workspace);
});
afterAll(() => parley?.stop());

const beginningOf = (name: string, part: number): Uint8Array => {
  const bytes = readFileSync(fixture(name));
  return bytes.subarray(0, part < 1 ? Math.floor(bytes.length * part) : part);
};
/** The first bytes of a real file, which identify its format, and noise after them. */
const noiseAfter = (name: string, headBytes: number): Uint8Array =>
  Buffer.concat([beginningOf(name, headBytes), randomBytes(50_000)]);

/** Posts the files in one message. Resolves with the final replies, in order. */
const repliesTo = async (channel: string, files: readonly Recording[]): Promise<StoredMessage[]> => {
  const root = await ana.post(channel, ...files);
  return parley.workspace.results(channel, root.ts, files.length);
};

const EMPTY = 'This file is empty. Check the recording and post it again.';
const UNREADABLE =
  'This recording can’t be read: it’s damaged, incomplete or in an unknown format. ' +
  'Check that it plays on your computer, or save it as MP3 and post it again.';

describe('a file that is not a recording', () => {
  const cases: [Recording & object, string][] = [
    [{ name: 'nothing.mp3', bytes: new Uint8Array() }, EMPTY],
    [
      { name: 'minutes.mp3', bytes: Buffer.from('Minutes of the meeting\n\n1. The garden\n') },
      'This file contains text, not audio. Post an audio or video file.',
    ],
    [
      { name: 'scan.wav', bytes: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'latin1') },
      'This file is a PDF, not audio. Post an audio or video file.',
    ],
    [{ name: 'noise.mp4', bytes: randomBytes(50_000).fill(0xfe, 0, 4) }, UNREADABLE],
  ];
  let replies: StoredMessage[] = [];
  beforeAll(async () => {
    replies = await repliesTo(
      ana.channels.general,
      cases.map(([file]) => file),
    );
  });

  it.each(cases.map(([{ name }, sentence], index) => ({ name, sentence, index })))(
    'is identified in the reply: $name',
    ({ sentence, index }) => {
      expect(sentenceOf(replies[index]!)).toBe(sentence);
    },
  );

  it('cannot be retried: the same bytes stay no recording', () => {
    expect(JSON.stringify(replies)).not.toContain('Try again');
  });
});

describe('a damaged recording', () => {
  const cases: [Recording & object, string][] = [
    [{ name: 'cut-header.wav', bytes: beginningOf('two-voices.wav', 20) }, UNREADABLE],
    [{ name: 'header-alone.wav', bytes: beginningOf('two-voices.wav', 44) }, EMPTY],
    [{ name: 'cut.m4a', bytes: beginningOf('two-voices.m4a', 0.3) }, UNREADABLE],
    [{ name: 'noise.mp3', bytes: Buffer.concat([Buffer.from('ID3'), randomBytes(50_000)]) }, UNREADABLE],
    [{ name: 'noise.m4a', bytes: noiseAfter('two-voices.m4a', 32) }, UNREADABLE],
    [{ name: 'noise.webm', bytes: noiseAfter('two-voices.webm', 64) }, UNREADABLE],
    [{ name: 'noise.ogg', bytes: noiseAfter('two-voices.ogg', 28) }, UNREADABLE],
  ];
  let replies: StoredMessage[] = [];
  beforeAll(async () => {
    replies = await repliesTo(
      ana.channels.random,
      cases.map(([file]) => file),
    );
  });

  it.each(cases.map(([{ name }, sentence], index) => ({ name, sentence, index })))(
    'is refused with a sentence: $name',
    ({ sentence, index }) => {
      expect(sentenceOf(replies[index]!)).toBe(sentence);
    },
  );
});

describe('a truncated recording', () => {
  it('is transcribed as far as it goes, and the others of its message are complete, in order', async () => {
    const names = ['cut.wav', 'cut.mp3', 'cut.webm', 'one-word.wav'];
    const replies = await repliesTo(ana.channels.general, [
      ...names
        .slice(0, 3)
        .map((name) => ({ name, bytes: beginningOf(name.replace('cut', 'two-voices'), 0.13) })),
      fixture('one-word.wav'),
    ]);
    expect(replies.map(({ text }) => names.find((name) => text.startsWith(name)))).toEqual(names);
    expect(replies.map(isResult)).toEqual([true, true, true, true]);
    for (const reply of replies.slice(0, 3)) expect(shownText(reply).toLowerCase()).toContain('garden');
  });
});

describe('a recording with little speech', () => {
  it('is reported when no one speaks', async () => {
    expect(sentenceOf(await ana.finalReplyTo(fixture('silence.wav')))).toBe(
      'No one speaks in this recording. ' +
        'If someone does, check that the right microphone was recorded, and that it’s loud enough.',
    );
  });

  it('is reported when there is only noise', async () => {
    expect(
      sentenceOf(await ana.finalReplyTo({ name: 'noise.wav', bytes: noiseAfter('two-voices.wav', 44) })),
    ).toMatch(/^No one speaks in this recording\./);
  });

  it('has the words of its second audio track when the first is silent', async () => {
    const voice = readFileSync(fixture('one-word.wav')).subarray(44);
    const samples = Array.from({ length: voice.length / 4 }, (_, i) => voice.readInt16LE(i * 4) / 32_768);
    const movie = quickTime([
      { kind: 'audio', samples: samples.map(() => 0) },
      { kind: 'audio', samples },
    ]);
    const reply = await ana.finalReplyTo({ name: 'screen.mov', bytes: movie });
    expect(isResult(reply)).toBe(true);
    expect(shownText(reply)).toMatch(/^screen\.mov · 0:02 · 1 speaker\n+Speaker 1 \(0:0\d\): Hello/);
  });

  it('has a result for one word', async () => {
    const reply = await ana.finalReplyTo(fixture('one-word.wav'));
    expect(isResult(reply)).toBe(true);
    expect(shownText(reply)).toMatch(/^one-word\.wav · 0:02 · 1 speaker\n+Speaker 1 \(0:0\d\): Hello/);
  });
});
