import { describe, expect, test } from 'vitest';
import type { Api } from '../../src/bot/api/api.ts';
import { toRefusal } from '../../src/bot/api/refusal.ts';
import { MESSAGE_STEPS } from '../../src/bot/trial/message-steps.ts';
import { LONG_TEXT } from '../../src/bot/trial/sample.ts';
import type { Trial } from '../../src/bot/trial/step.ts';

/** What Slack may do that the simulated one does not: refuse a part of a result, or give it back changed. */

interface Edit {
  readonly text: string;
  readonly blocks: readonly { readonly type: string }[];
}

/** A trial whose edits Slack answers so: null takes it, else the reason for refusing. */
const trialWith = (answer: (edit: Edit) => string | null, found: object[] = []): Trial => {
  const call = async (method: string, args: Record<string, unknown>) => {
    if (method === 'conversations.replies') return { messages: found };
    const code = answer(args as unknown as Edit);
    if (code !== null) throw toRefusal(code);
    return { ts: '2.2' };
  };
  return {
    api: { call } as unknown as Api,
    key: 'trial:1',
    channelId: 'C1',
    root: '1.1',
    reply: { channelId: 'C1', messageId: '2.2' },
    chartId: 'F1',
    edited: null,
  } as unknown as Trial;
};

const hasChart = ({ blocks }: Edit): boolean => blocks.some(({ type }) => type === 'image');
const isLong = ({ text }: Edit): boolean => text === LONG_TEXT;

test('the long text is at Slack’s limit after escaping, and nothing is left to escape', () => {
  expect(LONG_TEXT).toHaveLength(4_000);
  expect(LONG_TEXT.replaceAll(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
});

describe('a result that Slack', () => {
  const edit = MESSAGE_STEPS.edit.run;

  test.each([
    ['takes whole', () => null, 'ok', /\d+ blocks with the unshared chart, and 4000 characters/],
    [
      'takes without the chart',
      (given: Edit) => (hasChart(given) ? 'invalid_blocks' : null),
      'warning',
      /^Slack refuses the whole \(invalid_blocks\), and takes it without the chart$/,
    ],
    [
      'takes with less text',
      (given: Edit) => (isLong(given) ? 'msg_too_long' : null),
      'warning',
      /^Slack refuses the whole \(msg_too_long\), and takes it with a shorter text$/,
    ],
  ])('%s is said to be so', async (_how, answer, state, message) => {
    const trial = trialWith(answer);
    const outcome = await edit(trial);
    expect(outcome.state).toBe(state);
    expect(outcome.message).toMatch(message);
    expect(trial.edited).not.toBeNull();
  });

  test('refuses in every form is a failure with its reason', async () => {
    await expect(edit(trialWith(() => 'edit_window_closed'))).rejects.toMatchObject({
      slackCode: 'edit_window_closed',
    });
  });
});

describe('a message that comes back', () => {
  const edited = { text: LONG_TEXT, blocks: [{}, {}] };
  const whole = {
    ts: '2.2',
    text: LONG_TEXT,
    blocks: [{}, {}],
    metadata: { event_payload: { key: 'trial:1' } },
  };

  test.each([
    ['as it was sent', [whole], 'ok', 'came back as they were sent'],
    ['cut', [{ ...whole, text: LONG_TEXT.slice(0, 3_000) }], 'failed', '3000 of 4000 characters of text'],
    ['without metadata', [{ ...whole, metadata: undefined }], 'failed', 'no metadata'],
    ['with fewer blocks', [{ ...whole, blocks: [{}] }], 'failed', '1 of 2 blocks'],
    ['not at all', [], 'failed', 'the message is missing'],
  ])('%s is told apart', async (_how, found, state, said) => {
    const outcome = await MESSAGE_STEPS.readBack.run({ ...trialWith(() => null, found), edited });
    expect(outcome.state).toBe(state);
    expect(outcome.message).toContain(said);
  });
});
