import type { ChannelId, MemberId, WorkspaceId } from '../../core/ids.ts';
import type { RequestOutcome } from '../../core/ports.ts';
import { buildStartMeeting } from '../blocks/start-meeting.ts';
import { isMember } from '../membership.ts';
import { openView } from '../open-view.ts';
import type { ListenerDeps } from './deps.ts';

/** Opens a meeting in a channel, if Parley is there to post its card. */
export const startMeeting = async (
  { requests, api }: Pick<ListenerDeps, 'requests' | 'api'>,
  request: { workspaceId: WorkspaceId; channelId: ChannelId; by: MemberId; title: string; origin: string },
): Promise<RequestOutcome> =>
  (await isMember(api, request.channelId))
    ? requests.openMeeting(request)
    : { outcome: 'refused', sentence: whyNotIn(request.channelId) };

/** Slack's ids of conversations between two people begin with a D, and nobody can be invited into those. */
const whyNotIn = (channelId: ChannelId): string =>
  channelId.startsWith('D')
    ? 'Parley cannot be in a conversation between two people. Please start the meeting in a channel.'
    : 'Parley is not in this channel. Please invite it with “/invite @Parley”, then start the meeting again.';

/** Asks in which channel, for what was clicked in none. */
export const askForChannel = ({ api }: Pick<ListenerDeps, 'api'>, triggerId: string): Promise<void> =>
  openView(api, triggerId, buildStartMeeting());
