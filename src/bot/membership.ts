import { z } from 'zod';
import { isChannelUnreachable } from '../core/error.ts';
import type { ChannelId } from '../core/ids.ts';
import type { Api } from './api/api.ts';

const Channel = z.object({
  channel: z.object({
    is_member: z.boolean().optional(),
    is_im: z.boolean().optional(),
    is_mpim: z.boolean().optional(),
  }),
});

/**
 * Whether Parley is in the channel. Commands, menus and dialogues are there in every channel, and outside its own
 * Parley could neither read nor answer.
 */
export const isMember = async (api: Api, channel: ChannelId): Promise<boolean> => {
  try {
    const answer = await api.call('conversations.info', { channel }, Channel);
    const { is_member, is_im, is_mpim } = answer.channel;
    return is_member === true || is_im === true || is_mpim === true;
  } catch (error) {
    // A private channel without Parley does not even exist for it.
    if (isChannelUnreachable(error)) return false;
    throw error;
  }
};

/** Why nothing can be opened in a channel, as a sentence with what to do; null when Parley is there to post its card. */
export const membershipRefusal = async (
  api: Api,
  channelId: ChannelId,
  what: 'start the meeting' | 'call',
): Promise<string | null> => {
  if (await isMember(api, channelId)) return null;
  // Slack's ids of conversations between two people begin with a D, and nobody can be invited into those.
  return channelId.startsWith('D')
    ? `Parley cannot be in a conversation between two people. Please ${what} in a channel.`
    : `Parley is not in this channel. Please invite it with “/invite @Parley”, then ${what} again.`;
};
