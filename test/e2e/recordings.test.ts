import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenView, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { fixture, scriptOf } from '../support/fixtures.ts';
import { until } from '../support/until.ts';
import { wordErrorRate } from '../support/word-error.ts';
import { elementFor } from './support/click.ts';
import { type LocalParley, startLocalParley } from './support/local.ts';
import { shownText, type Workspace } from './support/workspace.ts';

let parley: LocalParley;
let workspace: Workspace;
let general: string;
let ana: string;
let root: StoredMessage;
let result: StoredMessage;

beforeAll(async () => {
  parley = await startLocalParley();
  workspace = parley.workspace;
  const state = await workspace.state();
  general = state.channels.find((channel) => channel.botIsMember)?.id ?? '';
  ana = state.people.find((person) => !person.isBot)?.id ?? '';
  const { id } = await workspace.upload(fixture('two-voices.wav'), ana);
  root = await workspace.post({ channel: general, as: ana, text: 'Garden plan', files: [id] });
  [result] = (await workspace.results(general, root.ts)) as [StoredMessage];
});
afterAll(() => parley?.stop());

/** All percentages that a message shows. */
const sharesShown = (message: StoredMessage): number[] =>
  [...shownText(message).matchAll(/(\d+)\s?%/g)].map((match) => Number(match[1]));

const exportOf = async (format: string): Promise<string> => {
  const before = (await workspace.thread(general, root.ts)).flatMap((message) => message.files ?? []);
  await workspace.click({
    as: ana,
    message: { channel: general, ts: result.ts },
    ...elementFor(result, `post:${format}`),
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

describe('a recording of two speakers, posted in a channel', () => {
  const script = scriptOf('two-voices');

  it('has one reply: the result as a message of its own, which notifies, without the line of its progress', async () => {
    const replies = (await workspace.thread(general, root.ts)).slice(1);
    expect(replies.map(({ ts }) => ts)).toEqual([result.ts]);
    expect(result.edited).toBeUndefined();
  });

  it('shows the chart as an image with its figures as alt text', async () => {
    const image = (result.blocks as { type: string; alt_text?: string; slack_file?: { id: string } }[]).find(
      (block) => block.type === 'image',
    );
    expect(image?.slack_file?.id).toMatch(/^F/);
    expect(image?.alt_text).toMatch(/Speaker 1.*%.*Speaker 2.*%/s);
    const png = await fetch(
      `${workspace.url}/control/files/${image?.slack_file?.id}/talk-time.png?as=${ana}`,
    );
    expect(
      Buffer.from(await png.arrayBuffer())
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG');
  });

  it('has two speakers, with shares within 3 points of the script', () => {
    expect(shownText(result)).not.toContain('Speaker 3');
    const image = (result.blocks as { alt_text?: string }[]).find((block) => block.alt_text !== undefined);
    const shares = [...(image?.alt_text ?? '').matchAll(/(\d+)\s?%/g)].map((match) => Number(match[1]));
    const expected = Object.values(script.shares).map((share) => share * 100);
    expect(shares).toHaveLength(2);
    for (const [index, share] of expected.entries())
      expect(Math.abs((shares[index] ?? 0) - share)).toBeLessThan(3);
  });

  it('is transcribed with at most 10% word error', async () => {
    const { utterances } = JSON.parse(await exportOf('json')) as {
      utterances: { speaker?: string; text: string }[];
    };
    const transcribed = utterances.map(({ text }) => text).join(' ');
    expect(
      wordErrorRate(script.utterances.map(({ text }) => text).join(' '), transcribed),
    ).toBeLessThanOrEqual(0.1);
  });

  it.each(['txt', 'vtt', 'srt', 'csv'])('is shared as %s', async (format) => {
    const text = await exportOf(format);
    expect(text).toContain('garden');
    if (format === 'vtt') expect(text).toMatch(/^WEBVTT/);
  });

  it('says that speakers are approximate, and that the engine knows English only', () => {
    expect(shownText(result)).toMatch(/may be wrong in places/);
    expect(shownText(result)).toMatch(/English only/i);
  });

  it('shows each speaker’s share in the text too', () => {
    expect(sharesShown(result).length).toBeGreaterThanOrEqual(4);
  });
});

const clickOn = async (what: string): Promise<unknown> => {
  const message = await current();
  return workspace.click({
    as: ana,
    message: { channel: general, ts: message.ts },
    ...elementFor(message, what),
  });
};

const openDialog = (): Promise<OpenView> => workspace.modalAfter(ana, () => clickOn('name_speakers'));

interface Input {
  block_id: string;
  element: { type: string; action_id: string };
}
const inputs = ({ view }: OpenView): Input[] =>
  (view.blocks as { type: string }[]).filter((block) => block.type === 'input') as unknown as Input[];

/** The values of the dialog: for each speaker a typed name or a member. */
const dialogValues = (view: OpenView, given: ({ name: string } | { member: string })[]) => {
  const fields = inputs(view);
  const members = fields.filter(({ element }) => element.type === 'users_select');
  const names = fields.filter(({ element }) => element.type === 'plain_text_input');
  const values: Record<string, Record<string, unknown>> = {};
  for (const [speaker, answer] of given.entries()) {
    const member = members[speaker] as Input;
    const name = names[speaker] as Input;
    values[member.block_id] = {
      [member.element.action_id]: {
        type: 'users_select',
        selected_user: 'member' in answer ? answer.member : null,
      },
    };
    values[name.block_id] = {
      [name.element.action_id]: { type: 'plain_text_input', value: 'name' in answer ? answer.name : null },
    };
  }
  return values;
};

const current = async (): Promise<StoredMessage> => {
  const found = (await workspace.thread(general, root.ts)).find(({ ts }) => ts === result.ts);
  if (found === undefined) throw new Error('the result was deleted');
  return found;
};
const showing = (text: string): Promise<StoredMessage> =>
  until(
    async () => {
      const message = await current();
      return shownText(message).includes(text) ? message : null;
    },
    { what: `the result with ${text}` },
  );
const files = async () =>
  (await workspace.thread(general, root.ts)).flatMap((message) => message.files ?? []);

describe('naming speakers', () => {
  it('asks for every speaker, with some of their words and a voice clip', async () => {
    const dialog = await openDialog();
    const shown = JSON.stringify(dialog.view);
    expect(inputs(dialog)).toHaveLength(4);
    expect(shown).toContain('path along the fence');
    const sample = /"url":"(http[^"]+\/samples\/[^"]+)"/.exec(shown)?.[1] ?? '';
    const page = await fetch(sample);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Done? Close this tab and pick the name in Slack.');
    const media = await fetch(`${sample}/media`, { headers: { range: 'bytes=0-99' } });
    expect(media.status).toBe(206);
    expect((await media.arrayBuffer()).byteLength).toBe(100);
    expect((await fetch(`${sample}x`)).status).toBe(403);
    await workspace.submit({ as: ana, viewId: dialog.id, values: {}, cancel: true });
  });

  it('shows the names in chart, figures, transcript and files at once', async () => {
    await clickOn('post:txt');
    const before = await until(async () => (await files()).find(({ name }) => name.endsWith('.txt')), {
      what: 'the file',
    });
    expect((await workspace.bytes(before)).toString()).toContain('Speaker 2');

    const dialog = await openDialog();
    const values = dialogValues(dialog, [{ member: ana }, { name: 'Zoë <!channel> 🦊' }]);
    expect(await workspace.submit({ as: ana, viewId: dialog.id, values })).toMatchObject({ ok: true });

    const message = await showing('Zoë');
    const image = (message.blocks as { alt_text?: string }[]).find((block) => block.alt_text !== undefined);
    expect(image?.alt_text).toContain('Zoë');
    expect(shownText(message)).not.toMatch(/Speaker [12]/);
    expect(message.text).not.toContain('<!channel>');
    const after = await until(
      async () => (await files()).find(({ name, id }) => name.endsWith('.txt') && id !== before.id),
      { what: 'the file with the names' },
    );
    expect((await workspace.bytes(after)).toString()).toContain('Zoë');
    await until(async () => !(await files()).some(({ id }) => id === before.id), {
      what: 'the old file to go',
    });
  });

  it('merges two speakers who are one person', async () => {
    const dialog = await openDialog();
    const values = dialogValues(dialog, [{ member: ana }, { member: ana }]);
    await workspace.submit({ as: ana, viewId: dialog.id, values });
    const message = await showing('1 speaker');
    // Short, and of one speaker now: its figures are behind the button.
    expect(JSON.stringify(message.blocks)).not.toContain('"type":"image"');
    expect(shownText(message)).not.toContain('Zoë');
  });

  it('refuses both a member and a name for one speaker, beside the field, and changes nothing', async () => {
    const dialog = await openDialog();
    const values = dialogValues(dialog, [{ member: ana }, { name: 'Ben' }]);
    for (const field of inputs(dialog).filter(({ element }) => element.type === 'plain_text_input')) {
      values[field.block_id] = { [field.element.action_id]: { type: 'plain_text_input', value: 'Ben' } };
    }
    expect(await workspace.submit({ as: ana, viewId: dialog.id, values })).toMatchObject({
      ok: false,
      errors: expect.any(Object),
    });
    expect(shownText(await current())).toContain('1 speaker');
  });
});

describe('other requests', () => {
  it('to transcribe the same message again is answered with what exists', async () => {
    const [shortcut] = (await workspace.state()).messageShortcuts;
    await workspace.shortcut({
      as: ana,
      callback_id: shortcut?.callbackId ?? '',
      message: { channel: general, ts: root.ts },
    });
    const ephemeral = await until(
      async () =>
        [...(await workspace.messages(general)), ...(await workspace.thread(general, root.ts))].find(
          ({ ephemeral_to, text }) => ephemeral_to === ana && text.includes('already transcribed'),
        ),
      { what: 'an ephemeral message' },
    );
    expect(ephemeral.text).toMatch(/already transcribed/);
  });

  it('in a mention is answered with the commands', async () => {
    const { bot } = await workspace.state();
    const mention = await workspace.post({
      channel: general,
      as: ana,
      text: `<@${bot.userId}> what can you do?`,
    });
    const reply = await until(async () => (await workspace.thread(general, mention.ts))[1], {
      what: 'a reply',
    });
    expect(shownText(reply)).toMatch(/\/transcribe/);
  });

  it('for the Home tab lists recent activity with its state', async () => {
    const home = await until(
      async () => {
        const view = JSON.stringify(await workspace.home(ana));
        return view.includes('two-voices.wav') ? view : null;
      },
      { what: 'the Home tab' },
    );
    expect(home).toContain('Transcribed');
  });
});
