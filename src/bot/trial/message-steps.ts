import { z } from 'zod';
import { Done } from '../api/api.ts';
import { SlackRefusal } from '../api/refusal.ts';
import { buildHome } from '../blocks/home.ts';
import { buildResult } from '../blocks/result.ts';
import { longNames } from '../commands.ts';
import { METADATA_TYPE } from '../messages.ts';
import { TRIAL } from '../sentences/trial.ts';
import { LONG_TEXT, sampleResult } from './sample.ts';
import { failed, type Outcome, ok, type Step, type Trial } from './step.ts';

const Posted = z.object({ ts: z.string() });

const post: Step = {
  name: 'message',
  needs: [],
  async run(trial) {
    const { chat, workspaceId, channelId, key } = trial;
    const card = { kind: 'remark', sentence: TRIAL.root } as const;
    const { messageId } = await chat.postCard(workspaceId, channelId, card, key);
    trial.root = messageId;
    const thread = { workspaceId, channelId, rootId: messageId };
    const progress = { kind: 'progress', title: TRIAL.title, stage: { name: 'waiting' } } as const;
    trial.reply = await chat.post(thread, progress, `${key}/reply`);
    return ok(TRIAL.posted);
  },
};

/** With less each time, to say what Slack takes where it refuses the whole. */
const edit: Step = {
  name: 'result',
  needs: ['reply', 'chartId'],
  async run(trial) {
    const { text: short, blocks } = buildResult(sampleResult(trial.chartId));
    const refused = await tryEdit(trial, { text: LONG_TEXT, blocks });
    if (refused === null) return ok(TRIAL.edited(blocks.length, LONG_TEXT.length));
    const less = (what: string): Outcome => ({
      state: 'warning',
      message: TRIAL.editedLess(refused.slackCode, what),
      advice: TRIAL.editedLessAdvice,
    });
    const withoutChart = buildResult(sampleResult(null)).blocks;
    if ((await tryEdit(trial, { text: LONG_TEXT, blocks: withoutChart })) === null)
      return less(TRIAL.withoutChart);
    if ((await tryEdit(trial, { text: short, blocks })) === null) return less(TRIAL.withShortText);
    throw refused;
  },
};

/** Null once edited; else why Slack refuses it. */
const tryEdit = async (
  trial: Trial,
  edited: { readonly text: string; readonly blocks: readonly object[] },
): Promise<SlackRefusal | null> => {
  const { api, key, reply } = trial;
  try {
    await api.call(
      'chat.update',
      {
        channel: reply!.channelId,
        ts: reply!.messageId,
        ...edited,
        metadata: { event_type: METADATA_TYPE, event_payload: { key } },
      },
      Posted,
    );
    trial.edited = edited;
    return null;
  } catch (error) {
    if (error instanceof SlackRefusal && !error.retryable) return error;
    throw error;
  }
};

const Found = z.object({
  messages: z.array(
    z.object({
      ts: z.string(),
      text: z.string().default(''),
      blocks: z.array(z.unknown()).default([]),
      metadata: z.object({ event_payload: z.object({ key: z.string().optional() }) }).optional(),
    }),
  ),
});

const readBack: Step = {
  name: 'reading',
  needs: ['root', 'edited'],
  async run({ api, channelId, root, reply, edited, key }) {
    const { messages } = await api.call(
      'conversations.replies',
      { channel: channelId, ts: root, include_all_metadata: true, limit: 15 },
      Found,
    );
    const found = messages.find(({ ts }) => ts === reply!.messageId);
    const { differences } = TRIAL;
    if (found === undefined) return failed(TRIAL.readBackOther(differences.gone));
    const { text, blocks } = edited!;
    const other = [
      ...(found.metadata?.event_payload.key === key ? [] : [differences.metadata]),
      ...(found.text === text ? [] : [differences.text(found.text.length, text.length)]),
      ...(found.blocks.length === blocks.length
        ? []
        : [differences.blocks(found.blocks.length, blocks.length)]),
    ];
    return other.length === 0
      ? ok(TRIAL.readBack(blocks.length))
      : failed(TRIAL.readBackOther(other.join('; ')));
  },
};

const Noted = z.object({ message_ts: z.string() });

/** In a thread that has a reply, since Slack shows it in no other. */
const note: Step = {
  name: 'note',
  needs: ['root', 'reply', 'person'],
  async run({ api, channelId, root, person }) {
    await api.call(
      'chat.postEphemeral',
      { channel: channelId, thread_ts: root, user: person!.id, text: TRIAL.note },
      Noted,
    );
    return ok(TRIAL.noted(person!.name));
  },
};

const EMPTY_HOME = buildHome({
  commands: longNames('/parley'),
  entries: [],
  ownNumber: null,
  mayCall: true,
  mayChangeSettings: true,
});

const home: Step = {
  name: 'home',
  needs: ['person'],
  async run({ api, person }) {
    await api.call('views.publish', { user_id: person!.id, view: EMPTY_HOME }, Done);
    return ok(TRIAL.home(person!.name));
  },
};

const validate: Step = {
  name: 'blocks',
  needs: ['edited'],
  async run({ api, edited }) {
    try {
      await api.call('blocks.validate', { blocks: edited!.blocks }, Done);
      await api.call('blocks.validate', { view: EMPTY_HOME }, Done);
      return ok(TRIAL.valid);
    } catch (error) {
      if (!(error instanceof SlackRefusal) || error.slackCode !== 'unknown_method') throw error;
      return { state: 'skipped', message: TRIAL.noValidator };
    }
  },
};

export const MESSAGE_STEPS = { post, edit, readBack, note, home, validate } as const;
