import { toAppError } from '../../core/error.ts';
import type { MemberId, WorkspaceId } from '../../core/ids.ts';
import type { CallPlan, Requests } from '../../core/ports.ts';
import { CALL_TITLE } from '../blocks/call-plan.ts';
import { buildNotice } from '../blocks/notice.ts';
import { buildStartCall } from '../blocks/start-call.ts';
import { whyNotIn } from '../membership.ts';
import { openView } from '../open-view.ts';
import type { ListenerDeps } from './deps.ts';

/** What would ring, or why nothing can: however somebody asks for a call, it is understood and refused here. */
export const planCall = async (
  { requests, api }: Pick<ListenerDeps, 'requests' | 'api'>,
  request: Parameters<Requests['planCall']>[0],
): Promise<CallPlan | { readonly refused: string; readonly because: 'channel' | 'call' }> => {
  const notHere = await whyNotIn(api, request.channelId, 'call');
  if (notHere !== null) return { refused: notHere, because: 'channel' };
  const plan = await requests.planCall(request);
  return 'refused' in plan ? { ...plan, because: 'call' } : plan;
};

/** Asks whom to call, or says why this member can call nobody. */
export const askWhomToCall = async (
  { requests, api, log }: Pick<ListenerDeps, 'requests' | 'api' | 'log'>,
  { triggerId, workspaceId, by }: { triggerId: string; workspaceId: WorkspaceId; by: MemberId },
): Promise<void> => {
  const why = await requests.whyNotCall(workspaceId, by).catch((error: unknown) => {
    log.warn({ err: error }, 'whether somebody may call could not be found out');
    return toAppError(error).userMessage;
  });
  await openView(api, triggerId, why === null ? buildStartCall() : buildNotice(CALL_TITLE, why));
};
