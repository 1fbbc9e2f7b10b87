import { emitEvent } from '../posting.ts';
import type { Json } from '../types.ts';
import { directConversation } from '../web/conversation-lookup.ts';
import type { Workspace } from '../workspace.ts';
import { personFor } from './lookup.ts';

/** A person opens the App Home. It shows the last published view; the app may publish again. */
export const openHome = (workspace: Workspace, who: string): Json | null => {
  const user = personFor(workspace, who);
  const view = workspace.store.settings.home(user.id);
  emitEvent(workspace, {
    type: 'app_home_opened',
    user: user.id,
    channel: directConversation(workspace, user.id).id,
    tab: 'home',
    ...(view === null ? {} : { view }),
    event_ts: workspace.newTs(),
  });
  return view;
};
