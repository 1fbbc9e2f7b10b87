import { parseDialableNumber } from '../../core/calls/dialable-number.ts';
import { OWN_WITH_EXTENSION } from '../../core/calls/sentences.ts';
import { checkSettings, DEFAULT_SETTINGS } from '../../core/calls/settings.ts';
import type { DialPlan } from '../../core/calls/types.ts';
import type { CallRequests, Chat, Store } from '../../core/ports.ts';
import { CALLS } from '../sentences.ts';
import { loadMemberNumber } from './member-number.ts';

/** What people set about calls: their own number, and as an admin the settings of their workspace. */
export const createCallSettingsRequests = ({
  store,
  chat,
  calls,
}: {
  readonly store: Store;
  readonly chat: Chat;
  readonly calls: { readonly plan: DialPlan } | null;
}): Pick<CallRequests, 'ownNumber' | 'saveOwnNumber' | 'callSettings' | 'saveCallSettings'> => ({
  async ownNumber(workspaceId, by) {
    if (calls === null) return null;
    const known = await loadMemberNumber({ store, chat }, calls.plan, workspaceId, by);
    return known === null || 'refused' in known ? null : known.formatted;
  },

  async saveOwnNumber(workspaceId, by, text) {
    if (text.trim() === '') {
      await store.transact((tx) => tx.saveOwnNumber(workspaceId, by, null));
      return { formatted: null };
    }
    if (calls === null) return { refused: CALLS.noPhones };
    const parsed = parseDialableNumber(text, calls.plan);
    if ('refused' in parsed) return parsed;
    const { number, formatted, extension } = parsed.dialable;
    if (extension !== null) return { refused: OWN_WITH_EXTENSION };
    await store.transact((tx) => tx.saveOwnNumber(workspaceId, by, number));
    return { formatted };
  },

  async callSettings(workspaceId, by) {
    if (!(await chat.isAdmin(workspaceId, by))) return { refused: CALLS.adminsOnly };
    return (await store.transact((tx) => tx.callSettings(workspaceId))) ?? DEFAULT_SETTINGS;
  },

  async saveCallSettings(workspaceId, by, settings) {
    if (!(await chat.isAdmin(workspaceId, by))) return { outcome: 'refused', sentence: CALLS.adminsOnly };
    const problem = checkSettings(settings);
    if (problem !== null) return { outcome: 'refused', sentence: problem };
    await store.transact((tx) => tx.saveCallSettings(workspaceId, settings));
    return { outcome: 'accepted' };
  },
});
