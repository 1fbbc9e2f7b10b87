import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenView } from '../../../sandbox/slack/control/contract.ts';
import { errorOf, eventually, type OpenWorkspace, openWorkspace, socketApp } from './workspace.ts';

let workspace: OpenWorkspace;
let app: App;

beforeEach(async () => {
  workspace = await openWorkspace();
  app = socketApp(workspace);
});
afterEach(async () => {
  await app.stop();
  await workspace.close();
});

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const modal = (title: string): ModalView => ({
  type: 'modal',
  callback_id: 'names',
  private_metadata: 'kept',
  title: plain(title),
  submit: plain('Save'),
  notify_on_close: true,
  blocks: [
    {
      type: 'input',
      block_id: 'who',
      label: plain('Who'),
      element: { type: 'plain_text_input', action_id: 'name' },
    },
    {
      type: 'input',
      block_id: 'member',
      optional: true,
      label: plain('Member'),
      element: { type: 'users_select', action_id: 'user' },
    },
  ],
});
const button = { type: 'button' as const, text: plain('Name'), action_id: 'open', value: 'conversation-1' };

const postButton = async (): Promise<{ channel: string; ts: string }> => {
  const { channel, ts } = await workspace.web.chat.postMessage({
    channel: workspace.general,
    text: 'result',
    blocks: [{ type: 'actions', block_id: 'row', elements: [button] }],
  });
  return { channel: channel!, ts: ts! };
};
const click = (message: object) =>
  workspace.ask('POST', 'actions', { as: 'ana', message, action_id: 'open' });
const views = async (): Promise<OpenView[]> =>
  (await workspace.ask<{ views: OpenView[] }>('GET', 'views?as=ana')).views;
const submit = (
  viewId: string,
  values: object = { who: { name: { type: 'plain_text_input', value: 'Ada' } } },
) => workspace.ask('POST', 'views', { as: 'ana', viewId, values });
/** Opens the modal by a click, as every test here begins. */
const openModal = async (): Promise<OpenView> => {
  app.action('open', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: (body as { trigger_id: string }).trigger_id,
      view: modal('First'),
    });
  });
  await app.start();
  expect(await click(await postButton())).toEqual({ ok: true });
  return eventually(async () => (await views())[0], 'the modal is open');
};

test('a click sends the app the element, its location and the person', async () => {
  let seen: unknown;
  app.action('open', async ({ ack, body, respond }) => {
    await ack();
    seen = body;
    await respond({ text: 'replaced', replace_original: true });
  });
  await app.start();
  const message = await postButton();
  await click(message);
  await eventually(
    async () => (await workspace.messages())[0]!.text === 'replaced',
    'the message is replaced',
  );
  expect(seen).toMatchObject({
    type: 'block_actions',
    user: { id: workspace.ana },
    channel: { id: workspace.general, name: 'general' },
    container: { type: 'message', message_ts: message.ts, is_ephemeral: false },
    message: { ts: message.ts, text: 'result' },
    actions: [{ action_id: 'open', block_id: 'row', type: 'button', value: 'conversation-1' }],
  });
});

test('a submission carries the state; errors keep the modal open; nothing closes it', async () => {
  const seen: unknown[] = [];
  app.view('names', async ({ ack, view }) => {
    seen.push([view.state.values.who?.name?.value, view.private_metadata]);
    await (seen.length === 1 ? ack({ response_action: 'errors', errors: { who: 'Not that one.' } }) : ack());
  });
  const { id } = await openModal();
  expect(await submit(id, {})).toEqual({
    ok: false,
    errors: { who: 'Please complete this required field.' },
  });
  expect(await submit(id)).toEqual({ ok: false, errors: { who: 'Not that one.' } });
  expect(await submit(id)).toEqual({ ok: true, closed: true });
  expect(seen).toEqual([
    ['Ada', 'kept'],
    ['Ada', 'kept'],
  ]);
  expect(await views()).toEqual([]);
});

test('a submission may update the modal, push another on it, and clear them all', async () => {
  let step = 0;
  app.view('names', async ({ ack }) => {
    step += 1;
    if (step === 1) await ack({ response_action: 'update', view: modal('Second') });
    else if (step === 2) await ack({ response_action: 'push', view: modal('Third') });
    else await ack({ response_action: 'clear' });
  });
  const { id } = await openModal();
  const titles = async () => (await views()).map(({ view }) => (view.title as { text: string }).text);
  expect(await submit(id)).toEqual({ ok: true, closed: false });
  expect(await titles()).toEqual(['Second']);
  await submit(id);
  expect(await titles()).toEqual(['Second', 'Third']);
  const pushed = (await views())[1]!;
  expect(pushed.view).toMatchObject({ previous_view_id: id, root_view_id: id });
  expect(await submit(pushed.id)).toEqual({ ok: true, closed: true });
  expect(await titles()).toEqual([]);
});

test('closing a modal notifies an app that requested it', async () => {
  const closed: string[] = [];
  app.view({ type: 'view_closed', callback_id: 'names' }, async ({ ack, view }) => {
    await ack();
    closed.push(view.id);
  });
  const { id } = await openModal();
  await workspace.ask('POST', 'views', { as: 'ana', viewId: id, values: {}, cancel: true });
  expect(closed).toEqual([id]);
});

test('a trigger opens one modal, within three seconds', async () => {
  let trigger = '';
  app.action('open', async ({ ack, body }) => {
    await ack();
    trigger = (body as { trigger_id: string }).trigger_id;
  });
  await app.start();
  await click(await postButton());
  const open = (id: string) => errorOf(workspace.web.views.open({ trigger_id: id, view: modal('Once') }));
  expect(await open('made up')).toBe('invalid_trigger_id');
  expect(await open(trigger)).toBe('no error');
  expect(await open(trigger)).toBe('exchanged_trigger_id');
  await click(await postButton());
  const born = Number(trigger.split('.')[0]);
  await eventually(() => workspace.clock.nowMs() > born + 3050, 'three seconds are over');
  expect(await open(trigger)).toBe('expired_trigger_id');
});

test('views.update refuses an old hash', async () => {
  const { id, hash } = await openModal();
  const update = (old: string) =>
    workspace.web.views.update({ view_id: id, hash: old, view: modal('Newer') });
  const fresh = (await update(hash)).view!.hash!;
  expect(await errorOf(update(hash))).toBe('hash_conflict');
  expect(await errorOf(update(fresh))).toBe('no error');
});

test('an external select is filled by the app for what was typed', async () => {
  app.options('speaker', async ({ ack, payload }) => {
    await ack({ options: [{ text: plain(`${payload.value}!`), value: '1' }] });
  });
  app.action('open', async ({ ack, client, body }) => {
    await ack();
    await client.views.open({
      trigger_id: (body as { trigger_id: string }).trigger_id,
      view: {
        type: 'modal',
        title: plain('Pick'),
        submit: plain('OK'),
        blocks: [
          {
            type: 'input',
            block_id: 'b',
            label: plain('Who'),
            element: { type: 'external_select', action_id: 'speaker', min_query_length: 1 },
          },
        ],
      },
    });
  });
  await app.start();
  await click(await postButton());
  const view = await eventually(async () => (await views())[0], 'the modal is open');
  expect(
    await workspace.ask('GET', `options?as=ana&query=ad&view=${view.id}&block=b&action=speaker`),
  ).toEqual({ options: [{ text: plain('ad!'), value: '1' }] });
});
