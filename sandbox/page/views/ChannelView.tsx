import { Composer } from '../composer/Composer.tsx';
import { MessageList } from '../messages/MessageList.tsx';
import { composer, messages } from '../sentences.ts';
import { ViewHeader } from '../ui/ViewHeader.tsx';
import { rootsOf } from '../workspace/selectors.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';
import { Welcome } from './Welcome.tsx';

/** A channel: its header, messages and message box. */
export function ChannelView({ id, onMenu }: { id: string; readonly onMenu: () => void }) {
  const { state } = useWorkspace();
  const channel = state.workspace?.channels.find((candidate) => candidate.id === id);
  if (!channel) return <main class="view" aria-busy="true" />;
  const roots = rootsOf(state, id);
  return (
    <main class="view">
      <ViewHeader title={channel.name} detail={channel.topic} isChannel onMenu={onMenu} />
      <MessageList
        label={messages.inChannel(channel.name)}
        listKey={id}
        messages={roots}
        inThread={false}
        me={state.me}
        intro={<Welcome channel={channel} isEmpty={roots.length === 0} />}
      />
      <Composer key={id} channel={id} placeholder={composer.message(channel.name)} />
    </main>
  );
}
