import type { ChannelId, MemberId, WorkspaceId } from '../../core/ids.ts';
import type { RequestOutcome } from '../../core/ports.ts';
import { buildStartMeeting, type SuggestedMeeting } from '../blocks/start-meeting.ts';
import { membershipRefusal } from '../membership.ts';
import { openView } from '../views.ts';
import type { ListenerDeps } from './deps.ts';

/** Starts a meeting in a channel, if Parley can post its card there. */
export const startMeeting = async (
  { requests, api }: Pick<ListenerDeps, 'requests' | 'api'>,
  request: { workspaceId: WorkspaceId; channelId: ChannelId; by: MemberId; title: string; origin: string },
): Promise<RequestOutcome> => {
  const sentence = await membershipRefusal(api, request.channelId, 'startMeeting');
  return sentence === null ? requests.openMeeting(request) : { outcome: 'refused', sentence };
};

/** Opens the dialog that asks for channel and topic. */
export const openStartMeeting = (
  { api }: Pick<ListenerDeps, 'api'>,
  triggerId: string,
  suggested: SuggestedMeeting = {},
): Promise<void> => openView(api, triggerId, buildStartMeeting(suggested));
