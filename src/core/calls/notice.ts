import type { MeetingConversation } from '../conversation/types.ts';
import { DECLINE_KEY, renderNotice } from './settings.ts';
import type { CallSettings, Leg } from './types.ts';

const MAY_DECLINE = `If you do not want that, press ${DECLINE_KEY} at any time.`;

/** What a telephone hears first. The workspace's own words are for those who did not ask to be called. */
export const openingAnnouncement = (
  { role }: Pick<Leg, 'role'>,
  { kind, title }: Pick<MeetingConversation, 'kind' | 'title'>,
  settings: CallSettings,
  caller: string,
): string => {
  if (role === 'callee' || role === 'added') return renderNotice(settings, caller);
  const what =
    role === 'caller'
      ? 'Parley is placing your call.'
      : kind === 'meeting'
        ? `You are joining the meeting: ${title}.`
        : 'You are joining a call.';
  return kind === 'call'
    ? `${what} It is recorded and turned into text. ${MAY_DECLINE}`
    : `${what} What you say is turned into text. ${MAY_DECLINE}`;
};
