import { z } from 'zod';
import { toAppError } from '../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { CallPlan, Requests } from '../../core/ports.ts';
import type { Api } from '../api/api.ts';
import { CALL_TITLE } from '../blocks/call-plan.ts';
import { buildNotice } from '../blocks/notice.ts';
import { buildStartCall } from '../blocks/start-call.ts';
import { clean } from '../blocks/text.ts';
import { membershipRefusal } from '../membership.ts';
import { openView } from '../views.ts';
import type { ListenerDeps } from './deps.ts';

/** What would ring, or why nothing can: however somebody asks for a call, it is understood and refused here. */
export const planCall = async (
  { requests, api }: Pick<ListenerDeps, 'requests' | 'api'>,
  request: Parameters<Requests['planCall']>[0],
): Promise<CallPlan | { readonly refused: string; readonly because: 'channel' | 'call' }> => {
  const notHere = await membershipRefusal(api, request.channelId, 'call');
  if (notHere !== null) return { refused: notHere, because: 'channel' };
  const nobody = request.to === null ? null : await calleeRefusal(api, request.to);
  if (nobody !== null) return { refused: nobody, because: 'call' };
  const plan = await requests.planCall(request);
  return 'refused' in plan ? { ...plan, because: 'call' } : plan;
};

const UserResponse = z.object({
  user: z.object({ real_name: z.string().optional(), is_bot: z.boolean().optional() }),
});

/** Why nobody would answer, when whom Slack offers among its members is an app. What Slack will not tell is none. */
const calleeRefusal = async (api: Api, to: MemberId): Promise<string | null> => {
  const answer = await api.call('users.info', { user: to }, UserResponse).catch(() => null);
  if (answer?.user.is_bot !== true) return null;
  return (
    `${clean(answer.user.real_name ?? '', 60) || 'That'} is an app and has no telephone. Please choose a colleague, ` +
    'or type a number with its country, as in +44 20 7946 0000.'
  );
};

/** Asks whom to call, or says why this member can call nobody. */
export const openStartCall = async (
  { requests, api, log }: Pick<ListenerDeps, 'requests' | 'api' | 'log'>,
  { triggerId, workspaceId, by }: { triggerId: string; workspaceId: WorkspaceId; by: MemberId },
): Promise<void> => {
  const why = await requests.callUnavailableReason(workspaceId, by).catch((error: unknown) => {
    log.warn({ err: error }, 'whether somebody may call could not be found out');
    return toAppError(error).userMessage;
  });
  await openView(api, triggerId, why === null ? buildStartCall() : buildNotice(CALL_TITLE, why));
};
