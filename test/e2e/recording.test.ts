import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { fixture, scriptOf } from '../support/fixtures.ts';
import { until } from '../support/until.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { elementFor } from './support/click.ts';
import { type LocalParley, startLocalParley } from './support/local.ts';
import { shownText, type Workspace } from './support/workspace.ts';

let parley: LocalParley;
let workspace: Workspace;
let general: string;
let ann: string;

beforeAll(async () => {
  parley = await startLocalParley();
  workspace = parley.workspace;
  const state = await workspace.state();
  general = state.channels.find((channel) => channel.botIsMember)?.id ?? '';
  ann = state.people.find((person) => !person.isBot)?.id ?? '';
});
afterAll(() => parley?.stop());

const postFiles = async (
  ...files: (string | { name: string; bytes: Uint8Array })[]
): Promise<StoredMessage> => {
  const ids = [];
  for (const file of files) ids.push((await workspace.upload(file, ann)).id);
  return workspace.post({ channel: general, as: ann, text: '', files: ids });
};

/** The share in percent that a message shows beside a speaker's name, in the chart's alt text. */
const sharesShown = (message: StoredMessage): number[] =>
  [...shownText(message).matchAll(/(\d+)\s?%/g)].map((match) => Number(match[1]));

const exportOf = async (root: StoredMessage, result: StoredMessage, format: string): Promise<string> => {
  const before = (await workspace.thread(general, root.ts)).flatMap((message) => message.files ?? []);
  await workspace.click({
    as: ann,
    message: { channel: general, ts: result.ts },
    ...elementFor(result, format),
  });
  const file = await until(
    async () => {
      const files = (await workspace.thread(general, root.ts)).flatMap((message) => message.files ?? []);
      return files.find(
        (found) => found.name.endsWith(`.${format}`) && !before.some(({ id }) => id === found.id),
      );
    },
    { what: `the ${format} file` },
  );
  return (await workspace.bytes(file)).toString('utf8');
};

describe('a recording with two voices, posted in a channel', () => {
  const script = scriptOf('two-voices');
  let root: StoredMessage;
  let result: StoredMessage;

  beforeAll(async () => {
    root = await postFiles(fixture('two-voices.wav'));
    await until(async () => (await workspace.thread(general, root.ts)).length > 1, { what: 'an answer' });
    [result] = (await workspace.results(general, root.ts)) as [StoredMessage];
  });

  it('is answered once, by one message that becomes the result', async () => {
    const answers = (await workspace.thread(general, root.ts)).slice(1);
    expect(answers.map(({ ts }) => ts)).toEqual([result.ts]);
    expect(result.edited).toBeDefined();
  });

  it('shows the chart as a picture with its figures in words', async () => {
    const image = (result.blocks as { type: string; alt_text?: string; slack_file?: { id: string } }[]).find(
      (block) => block.type === 'image',
    );
    expect(image?.slack_file?.id).toMatch(/^F/);
    expect(image?.alt_text).toMatch(/Speaker 1.*%.*Speaker 2.*%/s);
    const png = await fetch(
      `${workspace.url}/control/files/${image?.slack_file?.id}/talk-time.png?as=${ann}`,
    );
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('tells two voices apart, with shares within 3 points of the script', () => {
    expect(shownText(result)).not.toContain('Speaker 3');
    const image = (result.blocks as { alt_text?: string }[]).find((block) => block.alt_text !== undefined);
    const shares = [...(image?.alt_text ?? '').matchAll(/(\d+)\s?%/g)].map((match) => Number(match[1]));
    const expected = Object.values(script.shares).map((share) => share * 100);
    expect(shares).toHaveLength(2);
    for (const [index, share] of expected.entries())
      expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThan(3);
  });

  it('gives its words, with at most 10 % word error, to those who spoke them', async () => {
    const { utterances } = JSON.parse(await exportOf(root, result, 'json')) as {
      utterances: { speaker?: string; text: string }[];
    };
    const heard = utterances.map(({ text }) => text).join(' ');
    expect(wordErrorRate(script.utterances.map(({ text }) => text).join(' '), heard)).toBeLessThanOrEqual(
      0.1,
    );
  });

  it.each(['txt', 'vtt', 'srt', 'csv'])('comes as %s at a click', async (format) => {
    const text = await exportOf(root, result, format);
    expect(text).toContain('garden');
    if (format === 'vtt') expect(text).toMatch(/^WEBVTT/);
  });

  it('says that the speakers are approximate and the engine knows English only', () => {
    expect(shownText(result)).toMatch(/may be wrong in places/);
    expect(shownText(result)).toMatch(/English only/i);
  });

  it('shows a share for each of them in the text too', () => {
    expect(sharesShown(result).length).toBeGreaterThanOrEqual(4);
  });
});
