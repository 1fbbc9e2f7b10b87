import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { fixture } from '../../support/fixtures.ts';
import { type LocalParley, startLocalParley } from '../support/local.ts';
import { isResult, type Member, openMember, type Recording, sentenceOf } from '../support/member.ts';
import { shownText } from '../support/workspace.ts';

/** Files that are not what their names say, through the local engine: what people really post by mistake. */

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
/** The first bytes of a real file, by which it is known, and noise after them. */
const noiseAfter = (name: string, headBytes: number): Uint8Array =>
  Buffer.concat([beginningOf(name, headBytes), randomBytes(50_000)]);

/** Posts the files in one message and gives Parley's answers in their order. */
const answersTo = async (channel: string, files: readonly Recording[]): Promise<StoredMessage[]> => {
  const root = await ana.post(channel, ...files);
  return parley.workspace.results(channel, root.ts, files.length);
};

const UNREADABLE =
  'This recording can’t be read: it’s damaged, incomplete or in an unknown format. ' +
  'Check that it plays on your computer, or save it as MP3 and post it again.';

describe('a file that is no recording', () => {
  const cases: [Recording & object, string][] = [
    [
      { name: 'nothing.mp3', bytes: new Uint8Array() },
      'This file is empty. Check the recording and post it again.',
    ],
    [
      { name: 'minutes.mp3', bytes: Buffer.from('Minutes of the meeting\n\n1. The garden\n') },
      'This file contains text, not audio. Post an audio or video file.',
    ],
    [
      { name: 'scan.wav', bytes: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n', 'latin1') },
      'This file is a PDF, not audio. Post an audio or video file.',
    ],
    [
      { name: 'noise.mp4', bytes: randomBytes(50_000).fill(0xfe, 0, 4) },
      'This file isn’t audio or video. Post an audio or video file.',
    ],
  ];
  let answers: StoredMessage[] = [];
  beforeAll(async () => {
    answers = await answersTo(
      ana.channels.general,
      cases.map(([file]) => file),
    );
  });

  it.each(cases.map(([{ name }, sentence], index) => ({ name, sentence, index })))(
    'is answered with what it is: $name',
    ({ sentence, index }) => {
      expect(sentenceOf(answers[index]!)).toBe(sentence);
    },
  );

  it('is not offered again, since the same bytes will not become a recording', () => {
    expect(JSON.stringify(answers)).not.toContain('Try again');
  });
});

describe('a damaged recording', () => {
  const cases: [Recording & object, string][] = [
    [{ name: 'cut-header.wav', bytes: beginningOf('two-voices.wav', 20) }, UNREADABLE],
    [{ name: 'header-alone.wav', bytes: beginningOf('two-voices.wav', 44) }, UNREADABLE],
    [{ name: 'cut.m4a', bytes: beginningOf('two-voices.m4a', 0.3) }, UNREADABLE],
    [{ name: 'noise.mp3', bytes: Buffer.concat([Buffer.from('ID3'), randomBytes(50_000)]) }, UNREADABLE],
    [{ name: 'noise.m4a', bytes: noiseAfter('two-voices.m4a', 32) }, UNREADABLE],
    [{ name: 'noise.webm', bytes: noiseAfter('two-voices.webm', 64) }, UNREADABLE],
    [{ name: 'noise.ogg', bytes: noiseAfter('two-voices.ogg', 28) }, UNREADABLE],
  ];
  let answers: StoredMessage[] = [];
  beforeAll(async () => {
    answers = await answersTo(
      ana.channels.random,
      cases.map(([file]) => file),
    );
  });

  it.each(cases.map(([{ name }, sentence], index) => ({ name, sentence, index })))(
    'is answered with what is wrong: $name',
    ({ sentence, index }) => {
      expect(sentenceOf(answers[index]!)).toBe(sentence);
    },
  );
});

describe('a recording that broke off', () => {
  it('gives what is left of it, and the good one beside it gives all', async () => {
    const names = ['cut.wav', 'cut.mp3', 'cut.webm', 'one-word.wav'];
    const answers = await answersTo(ana.channels.general, [
      ...names
        .slice(0, 3)
        .map((name) => ({ name, bytes: beginningOf(name.replace('cut', 'two-voices'), 0.13) })),
      fixture('one-word.wav'),
    ]);
    expect(answers.map(({ text }) => names.find((name) => text.startsWith(name)))).toEqual(names);
    expect(answers.map(isResult)).toEqual([true, true, true, true]);
    for (const answer of answers.slice(0, 3)) expect(shownText(answer).toLowerCase()).toContain('garden');
  });
});

describe('a recording with little in it', () => {
  it('says so when nobody speaks', async () => {
    expect(sentenceOf(await ana.finalReplyTo(fixture('silence.wav')))).toBe(
      'No one speaks in this recording. ' +
        'If someone does, check that the right microphone was recorded, and that it’s loud enough.',
    );
  });

  it('says so when there is only noise', async () => {
    expect(
      sentenceOf(await ana.finalReplyTo({ name: 'noise.wav', bytes: noiseAfter('two-voices.wav', 44) })),
    ).toMatch(/^No one speaks in this recording\./);
  });

  it('gives a result for one word', async () => {
    const answer = await ana.finalReplyTo(fixture('one-word.wav'));
    expect(isResult(answer)).toBe(true);
    expect(shownText(answer)).toContain('1 speaker · 0:02');
    expect(shownText(answer)).toContain('Speaker 1  100%');
  });
});
