import { toAppError } from '../../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../../core/ids.ts';
import type { Chat, RequestOutcome } from '../../../core/ports.ts';
import type { SpeakerName, VoiceId } from '../../../core/transcription.ts';
import { VIEWS } from '../../blocks/actions.ts';
import { FIELDS, fieldId, NAME_MAX, Origin } from '../../blocks/name-speakers.ts';
import { buildNotice } from '../../blocks/notice.ts';
import { plain } from '../../blocks/text.ts';
import { IncomingContext, IncomingSubmission } from '../../incoming.ts';
import { withinDeadline } from '../../views.ts';
import type { ListenerDeps, Registry } from '../deps.ts';

type Values = Record<
  string,
  Record<string, { value?: string | null | undefined; selected_user?: MemberId | null | undefined }>
>;
type Choice = { readonly voice: VoiceId } & (
  | { readonly memberId: MemberId }
  | { readonly name: string }
  | { readonly nobody: true }
);

/**
 * "Save" in the dialogue. The names are stored before the dialogue closes, so that what looks saved is; only when
 * that takes too long does it close first, and then a failure is told in the thread.
 */
export const register = (app: Registry, { requests, chat, replies, log }: ListenerDeps): void => {
  app.view({ type: 'view_submission', callback_id: VIEWS.nameSpeakers }, async ({ ack, body, context }) => {
    const { user, view } = IncomingSubmission.parse(body);
    const { conversationId, channelId, rootId } = Origin.parse(JSON.parse(view.private_metadata));
    const { teamId } = IncomingContext.parse(context);
    const { choices, errors } = readChoices(view.state.values);
    if (Object.keys(errors).length > 0) return ack({ response_action: 'errors', errors });

    const saving = save();
    const outcome = await withinDeadline(saving);
    if (outcome === null) {
      await ack();
      await replies.sendOutcome({ channelId, rootId, memberId: user.id }, () => saving);
    } else if (outcome.outcome === 'accepted') {
      await ack();
    } else {
      await ack({ response_action: 'update', view: buildNotice('Name speakers', outcome.sentence) });
    }

    async function save(): Promise<RequestOutcome> {
      try {
        return await requests.nameSpeakers(conversationId, user.id, await toNames(chat, teamId, choices));
      } catch (error) {
        log.warn({ err: error, conversation: conversationId }, 'names were not saved');
        return { outcome: 'refused', sentence: toAppError(error).userMessage };
      }
    }
  });
};

/** What was chosen for each voice that the dialogue shows; both fields empty take a name away. */
const readChoices = (values: Values): { choices: Choice[]; errors: Record<string, string> } => {
  const choices: Choice[] = [];
  const errors: Record<string, string> = {};
  const prefix = fieldId('member', '');
  for (const block of Object.keys(values).filter((id) => id.startsWith(prefix))) {
    const voice = block.slice(prefix.length);
    const memberId = values[block]?.[FIELDS.member]?.selected_user ?? null;
    const name = plain(values[fieldId('name', voice)]?.[FIELDS.name]?.value ?? '', NAME_MAX);
    if (memberId !== null && name !== '') {
      errors[fieldId('name', voice)] = 'Choose a member or type a name, not both: please clear one of them.';
    } else if (memberId !== null) choices.push({ voice, memberId });
    else if (name !== '') choices.push({ voice, name });
    else choices.push({ voice, nobody: true });
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
        if ('nobody' in choice) return [choice.voice, null];
        if ('name' in choice) return [choice.voice, { name: choice.name }];
        const { voice, memberId } = choice;
        return [voice, { name: await chat.memberName(workspaceId, memberId), memberId }];
      }),
    ),
  );
