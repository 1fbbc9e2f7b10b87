import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { until } from '../../support/until.ts';

export interface EchoAppOptions {
  readonly slackApiUrl: string;
  /** Receives `state.values` of each accepted modal. */
  readonly onSubmit: (values: unknown) => void;
  readonly onAction: (action: unknown) => void;
}

/** One of each kind that slack-blocks-to-jsx draws, and a picture of a file that was posted. */
const showcase = (user: string, channel: string, fileId: string) => [
  {
    type: 'rich_text' as const,
    elements: [
      {
        type: 'rich_text_section' as const,
        elements: [
          { type: 'text' as const, text: 'Bold words', style: { bold: true } },
          { type: 'text' as const, text: ' at 10:30:45 <b> ' },
          { type: 'link' as const, url: 'https://example.com/plan', text: 'the plan' },
          { type: 'emoji' as const, name: 'large_blue_square' },
          { type: 'user' as const, user_id: user },
          { type: 'channel' as const, channel_id: channel },
        ],
      },
      {
        type: 'rich_text_list' as const,
        style: 'bullet' as const,
        elements: [
          { type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text: 'first item' }] },
        ],
      },
      { type: 'rich_text_quote' as const, elements: [{ type: 'text' as const, text: 'a quotation' }] },
      { type: 'rich_text_preformatted' as const, elements: [{ type: 'text' as const, text: 'let a = 1;' }] },
    ],
  },
  { type: 'markdown' as const, text: '## A title\n\n- [x] a task\n\n| Head |\n|---|\n| Body |' },
  {
    type: 'table' as const,
    rows: [
      [
        { type: 'raw_text' as const, text: 'Speaker' },
        { type: 'raw_text' as const, text: 'Share' },
      ],
      [
        {
          type: 'rich_text' as const,
          elements: [
            { type: 'rich_text_section' as const, elements: [{ type: 'text' as const, text: 'Maya' }] },
          ],
        },
        { type: 'raw_text' as const, text: '48%' },
      ],
    ],
  },
  { type: 'image' as const, slack_file: { id: fileId }, alt_text: 'The posted picture' },
];

const plain = (text: string) => ({ type: 'plain_text', text }) as const;

/**
 * An app on the real SDK for tests of the page. It replies to posts in their thread with a button and a menu; the button
 * opens a modal that asks for a name and rejects the name "taken". A post with "long" gets a progress message that turns
 * into eighty lines, one with "showcase" a block of each kind without interaction. Its shortcut opens an empty modal. The
 * test starts and stops it.
 */
export function createEchoApp({ slackApiUrl, onSubmit, onAction }: EchoAppOptions): App {
  const logLevel = LogLevel.ERROR;
  const echo = new App({
    token: 'xoxb-page',
    logLevel,
    clientOptions: { slackApiUrl },
    receiver: new SocketModeReceiver({
      appToken: 'xapp-page',
      logLevel,
      installerOptions: { clientOptions: { slackApiUrl } },
    }),
  });
  echo.message(async ({ message, client }) => {
    if (message.subtype !== undefined && message.subtype !== 'file_share') return;
    if ('bot_id' in message || ('thread_ts' in message && message.thread_ts)) return;
    if ('text' in message && message.text?.includes('long')) {
      const { channel, ts } = message;
      const said = await client.chat.postMessage({ channel, thread_ts: ts, text: 'Working…' });
      const lines = Array.from({ length: 80 }, (_, index) => `Line ${index + 1}.`);
      await client.chat.update({ channel, ts: said.ts ?? '', text: lines.join('\n') });
      return;
    }
    if ('text' in message && message.text?.includes('showcase')) {
      const { channel, ts } = message;
      const user = 'user' in message ? (message.user ?? '') : '';
      const fileId = 'files' in message ? (message.files?.[0]?.id ?? '') : '';
      // Slack refuses a block with a file that it has not processed yet.
      await until(async () => (await client.files.info({ file: fileId })).file?.mimetype);
      const blocks = showcase(user, channel, fileId);
      await client.chat.postMessage({ channel, thread_ts: ts, text: 'Showcase', blocks });
      return;
    }
    const files = 'files' in message ? (message.files ?? []).map(({ name }) => name) : [];
    await client.chat.postMessage({
      channel: message.channel,
      thread_ts: message.ts,
      text: 'Reply',
      blocks: [
        {
          type: 'section',
          text: { type: 'mrkdwn', text: `*Received* ${files.length} files ${files.join()}` },
        },
        {
          type: 'actions',
          block_id: 'row',
          elements: [
            { type: 'button', action_id: 'name', value: 'v1', text: plain('Name speakers') },
            {
              type: 'static_select',
              action_id: 'export',
              placeholder: plain('Download as'),
              options: ['TXT', 'CSV'].map((name) => ({ text: plain(name), value: name.toLowerCase() })),
            },
          ],
        },
      ],
    });
  });
  echo.action('export', async ({ ack, action }) => {
    await ack();
    onAction(action);
  });
  echo.action('name', async ({ ack, body, client }) => {
    await ack();
    await client.views.open({
      trigger_id: 'trigger_id' in body ? body.trigger_id : '',
      view: {
        type: 'modal',
        callback_id: 'speakers',
        title: plain('Name speakers'),
        submit: plain('Save'),
        blocks: [
          {
            type: 'input',
            block_id: 'speaker',
            label: plain('Speaker 1'),
            element: { type: 'plain_text_input', action_id: 'name' },
          },
          {
            type: 'input',
            block_id: 'member',
            optional: true,
            label: plain('Member'),
            element: { type: 'users_select', action_id: 'who' },
          },
        ],
      },
    });
  });
  echo.shortcut({ type: 'shortcut', callback_id: 'start_meeting' }, async ({ ack, shortcut, client }) => {
    await ack();
    await client.views.open({
      trigger_id: shortcut.trigger_id,
      view: { type: 'modal', title: plain('Start a meeting'), blocks: [] },
    });
  });
  echo.view('speakers', async ({ ack, view }) => {
    const { values } = view.state;
    if (values.speaker?.name?.value === 'taken') {
      await ack({ response_action: 'errors', errors: { speaker: 'That name is taken.' } });
      return;
    }
    onSubmit(values);
    await ack();
  });
  return echo;
}
