import { z } from 'zod';
import { isChannelUnreachable } from '../core/error.ts';
import type { ChannelId } from '../core/ids.ts';
import type { Api } from './api/api.ts';
import { MEMBERSHIP } from './sentences/errors.ts';

const Channel = z.object({
  channel: z.object({
    is_member: z.boolean().optional(),
    is_im: z.boolean().optional(),
    is_mpim: z.boolean().optional(),
  }),
});

/** Whether Parley is in the channel. Commands, menus and dialogs work in every channel; reading and posting do not. */
export const isMember = async (api: Api, channel: ChannelId): Promise<boolean> => {
  try {
    const answer = await api.call('conversations.info', { channel }, Channel);
    const { is_member, is_im, is_mpim } = answer.channel;
    return is_member === true || is_im === true || is_mpim === true;
  } catch (error) {
    // To an app that is not in it, a private channel does not exist.
    if (isChannelUnreachable(error)) return false;
    throw error;
  }
};

/** Why Parley cannot post a card in a channel, with what to do; null when it can. */
export const membershipRefusal = async (
  api: Api,
  channelId: ChannelId,
  action: 'startMeeting' | 'call',
): Promise<string | null> => {
  if (await isMember(api, channelId)) return null;
  // Slack's ids of conversations between two people begin with a D, and no app can be invited into those.
  return channelId.startsWith('D') ? MEMBERSHIP.directMessage(MEMBERSHIP[action]) : MEMBERSHIP.notMember;
};
