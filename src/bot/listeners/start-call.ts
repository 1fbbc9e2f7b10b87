import { z } from 'zod';
import { toAppError } from '../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { CallPlan, Requests } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { buildNotice } from '../blocks/notice.ts';
import { buildStartCall } from '../blocks/start-call.ts';
import { clean } from '../blocks/text.ts';
import { membershipRefusal } from '../membership.ts';
import { START_CALL } from '../sentences/calls.ts';
import { openView } from '../views.ts';
import type { ListenerDeps } from './deps.ts';

/** Who would be called, or why no one can be: one check for the command and the dialog. */
export const planCall = async (
  { requests, api }: Pick<ListenerDeps, 'requests' | 'api'>,
  request: Parameters<Requests['planCall']>[0],
): Promise<CallPlan | { readonly refused: string; readonly because: 'channel' | 'call' }> => {
  const channelRefusal = await membershipRefusal(api, request.channelId, 'call');
  if (channelRefusal !== null) return { refused: channelRefusal, because: 'channel' };
  const refusal = request.to === null ? null : await calleeRefusal(api, request.to);
  if (refusal !== null) return { refused: refusal, because: 'call' };
  const plan = await requests.planCall(request);
  return 'refused' in plan ? { ...plan, because: 'call' } : plan;
};

const UserResponse = z.object({
  user: z.object({ real_name: z.string().optional(), is_bot: z.boolean().optional() }),
});

/** Why a member cannot be called: Slack lists apps among the members. Null when Slack does not say. */
const calleeRefusal = async (api: Api, to: MemberId): Promise<string | null> => {
  const response = await api.call('users.info', { user: to }, UserResponse).catch(() => null);
  return response?.user.is_bot === true ? START_CALL.isApp(clean(response.user.real_name ?? '', 60)) : null;
};

/** Opens the dialog to start a call, or one that says why this member cannot. */
export const openStartCall = async (
  { requests, api, log }: Pick<ListenerDeps, 'requests' | 'api' | 'log'>,
  { triggerId, workspaceId, by }: { triggerId: string; workspaceId: WorkspaceId; by: MemberId },
): Promise<void> => {
  const why = await requests.callUnavailableReason(workspaceId, by).catch((error: unknown) => {
    log.warn({ err: error }, 'permission to call not checked');
    return toAppError(error).userMessage;
  });
  await openView(api, triggerId, why === null ? buildStartCall() : buildNotice(START_CALL.title, why));
};
