import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenView, StoredMessage } from '../../sandbox/slack/control/contract.ts';
import { fixture } from '../support/fixtures.ts';
import { until } from '../support/until.ts';
import { elementFor } from './support/click.ts';
import { type LocalParley, startLocalParley } from './support/local.ts';
import { shownText, type Workspace } from './support/workspace.ts';

let parley: LocalParley;
let workspace: Workspace;
let general: string;
let ann: { id: string; name: string; realName: string };
let root: StoredMessage;
let result: StoredMessage;

beforeAll(async () => {
  parley = await startLocalParley();
  workspace = parley.workspace;
  const state = await workspace.state();
  general = state.channels.find((channel) => channel.botIsMember)?.id ?? '';
  ann = state.people.find((person) => !person.isBot) ?? ann;
  const { id } = await workspace.upload(fixture('two-voices.mp3'), ann.id);
  root = await workspace.post({ channel: general, as: ann.id, text: 'Garden plan', files: [id] });
  [result] = (await workspace.results(general, root.ts)) as [StoredMessage];
});
afterAll(() => parley?.stop());

const clickOn = async (what: string): Promise<unknown> => {
  const message = await current();
  return workspace.click({
    as: ann.id,
    message: { channel: general, ts: message.ts },
    ...elementFor(message, what),
  });
};

const openDialogue = (): Promise<OpenView> => workspace.modalAfter(ann.id, () => clickOn('name_speakers'));

interface Input {
  block_id: string;
  element: { type: string; action_id: string };
}
const inputs = ({ view }: OpenView): Input[] =>
  (view.blocks as { type: string }[]).filter((block) => block.type === 'input') as unknown as Input[];

/** Fills the dialogue: one answer a voice, a typed name or a member. */
const answers = (view: OpenView, given: ({ name: string } | { member: string })[]) => {
  const fields = inputs(view);
  const members = fields.filter(({ element }) => element.type === 'users_select');
  const names = fields.filter(({ element }) => element.type === 'plain_text_input');
  const values: Record<string, Record<string, unknown>> = {};
  for (const [voice, answer] of given.entries()) {
    const member = members[voice] as Input;
    const name = names[voice] as Input;
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
  if (found === undefined) throw new Error('the result is gone');
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
  it('asks for every voice, with a few of its words and a sample to listen to', async () => {
    const dialogue = await openDialogue();
    const shown = JSON.stringify(dialogue.view);
    expect(inputs(dialogue)).toHaveLength(4);
    expect(shown).toContain('path along the fence');
    const sample = /"url":"(http[^"]+\/samples\/[^"]+)"/.exec(shown)?.[1] ?? '';
    const page = await fetch(sample);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Done? Close this tab and pick the name in Slack.');
    const media = await fetch(`${sample}/media`, { headers: { range: 'bytes=0-99' } });
    expect(media.status).toBe(206);
    expect((await media.arrayBuffer()).byteLength).toBe(100);
    expect((await fetch(`${sample}x`)).status).toBe(403);
    await workspace.submit({ as: ann.id, viewId: dialogue.id, values: {}, cancel: true });
  });

  it('shows the names in chart, figures, transcript and files at once', async () => {
    await clickOn('export_txt');
    const before = await until(async () => (await files()).find(({ name }) => name.endsWith('.txt')), {
      what: 'the file',
    });
    expect((await workspace.bytes(before)).toString()).toContain('Speaker 2');

    const dialogue = await openDialogue();
    const values = answers(dialogue, [{ member: ann.id }, { name: 'Zoë <!channel> 🦊' }]);
    expect(await workspace.submit({ as: ann.id, viewId: dialogue.id, values })).toMatchObject({ ok: true });

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

  it('merges two voices that are one person', async () => {
    const dialogue = await openDialogue();
    const values = answers(dialogue, [{ member: ann.id }, { member: ann.id }]);
    await workspace.submit({ as: ann.id, viewId: dialogue.id, values });
    const message = await showing('1 speaker');
    expect(shownText(message)).toContain('100%');
    expect(shownText(message)).not.toContain('Zoë');
  });

  it('refuses two answers for one voice, beside the field, and changes nothing', async () => {
    const dialogue = await openDialogue();
    const values = answers(dialogue, [{ member: ann.id }, { name: 'Ben' }]);
    for (const field of inputs(dialogue).filter(({ element }) => element.type === 'plain_text_input')) {
      values[field.block_id] = { [field.element.action_id]: { type: 'plain_text_input', value: 'Ben' } };
    }
    expect(await workspace.submit({ as: ann.id, viewId: dialogue.id, values })).toMatchObject({
      ok: false,
      errors: expect.any(Object),
    });
    expect(shownText(await current())).toContain('1 speaker');
  });
});

describe('everything else that people ask', () => {
  it('answers several recordings of one message in their order', async () => {
    const names = ['two-voices.ogg', 'one-word.wav', 'two-voices.m4a'];
    const ids = [];
    for (const name of names) ids.push((await workspace.upload(fixture(name), ann.id)).id);
    const posted = await workspace.post({ channel: general, as: ann.id, text: '', files: ids });
    const results = await workspace.results(general, posted.ts, 3);
    expect(results.map(({ text }) => names.find((name) => text.startsWith(name)))).toEqual(names);
  });

  it('says what it knows already when the same message is transcribed again', async () => {
    const [shortcut] = (await workspace.state()).messageShortcuts;
    await workspace.shortcut({
      as: ann.id,
      callback_id: shortcut?.callbackId ?? '',
      message: { channel: general, ts: root.ts },
    });
    const whisper = await until(
      async () =>
        [...(await workspace.messages(general)), ...(await workspace.thread(general, root.ts))].find(
          ({ ephemeral_to, text }) => ephemeral_to === ann.id && text.includes('already'),
        ),
      { what: 'a word to the one who asked' },
    );
    expect(whisper.text).toMatch(/already transcribed/);
  });

  it('explains itself when mentioned', async () => {
    const { bot } = await workspace.state();
    const mention = await workspace.post({
      channel: general,
      as: ann.id,
      text: `<@${bot.userId}> what can you do?`,
    });
    const answer = await until(async () => (await workspace.thread(general, mention.ts))[1], {
      what: 'an answer',
    });
    expect(shownText(answer)).toMatch(/\/transcribe/);
  });

  it('lists recent conversations with their state on the Home tab', async () => {
    const home = await until(
      async () => {
        const view = JSON.stringify(await workspace.home(ann.id));
        return view.includes('two-voices.mp3') ? view : null;
      },
      { what: 'the Home tab' },
    );
    expect(home).toContain('Transcribed');
  });
});
