import { z } from 'zod';
import type { ChannelId } from '../core/ids.ts';
import type { Api } from './api/api.ts';
import { SlackRefusal } from './api/errors.ts';

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
    if (error instanceof SlackRefusal && error.code === 'not-in-channel') return false;
    throw error;
  }
};
