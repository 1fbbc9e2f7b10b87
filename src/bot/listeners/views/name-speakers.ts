import { toAppError } from '../../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../../core/ids.ts';
import type { Chat, RequestOutcome } from '../../../core/ports.ts';
import type { SpeakerName, VoiceId } from '../../../core/transcription.ts';
import { VIEWS } from '../../blocks/actions.ts';
import type { FieldValues } from '../../blocks/fields.ts';
import { FIELDS, fieldId, NAME_MAX, Origin } from '../../blocks/name-speakers.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { plain } from '../../blocks/text.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { NAME_SPEAKERS } from '../../sentences/results.ts';
import { withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

type Choice = { readonly voice: VoiceId } & (
  | { readonly memberId: MemberId }
  | { readonly name: string }
  | { readonly unnamed: true }
);

/**
 * "Save" in the dialog. The names are stored before the dialog closes; only when that takes too long for Slack does it
 * close first, and a failure becomes an ephemeral message in the thread.
 */
export const register = (app: Registry, { requests, chat, replies, clock, log }: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.nameSpeakers }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { conversationId, channelId, rootId } = Origin.parse(JSON.parse(view.private_metadata));
    const { teamId } = IncomingContext.parse(context);
    const { choices, errors } = readChoices(view.state.values);
    if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });

    const saving = save();
    const outcome = await withinDeadline(clock, saving);
    if (outcome === null) {
      await ack();
      await replies.sendOutcome({ channelId, rootId, memberId: user.id }, () => saving);
    } else if (outcome.outcome === 'accepted') {
      await ack();
    } else {
      await ack({ response_action: 'update', view: buildNotice(NAME_SPEAKERS.title, outcome.sentence) });
    }

    async function save(): Promise<RequestOutcome> {
      try {
        return await requests.nameSpeakers(conversationId, user.id, await toNames(chat, teamId, choices));
      } catch (error) {
        log.warn({ err: error, conversation: conversationId }, 'names not saved');
        return { outcome: 'refused', sentence: toAppError(error).userMessage };
      }
    }
  });
};

/** The choice for each voice that the dialog shows; two empty fields remove a name. */
const readChoices = (values: FieldValues): { choices: Choice[]; errors: Record<string, string> } => {
  const choices: Choice[] = [];
  const errors: Record<string, string> = {};
  const prefix = fieldId('member', '');
  for (const block of Object.keys(values).filter((id) => id.startsWith(prefix))) {
    const voice = block.slice(prefix.length);
    const memberId = values[block]?.[FIELDS.member]?.selected_user ?? null;
    const name = plain(values[fieldId('name', voice)]?.[FIELDS.name]?.value ?? '', NAME_MAX);
    if (memberId !== null && name !== '') {
      errors[fieldId('name', voice)] = NAME_SPEAKERS.both;
    } else if (memberId !== null) choices.push({ voice, memberId });
    else if (name !== '') choices.push({ voice, name });
    else choices.push({ voice, unnamed: true });
  }
  return { choices, errors };
};

const toNames = async (
  chat: Chat,
  workspaceId: WorkspaceId,
  choices: readonly Choice[],
): Promise<Record<VoiceId, SpeakerName | null>> =>
  Object.fromEntries(
    await Promise.all(
      choices.map(async (choice): Promise<[VoiceId, SpeakerName | null]> => {
        if ('unnamed' in choice) return [choice.voice, null];
        if ('name' in choice) return [choice.voice, { name: choice.name }];
        const { voice, memberId } = choice;
        return [voice, { name: await chat.memberName(workspaceId, memberId), memberId }];
      }),
    ),
  );
