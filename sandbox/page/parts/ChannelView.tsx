import { rootsOf } from '../state.ts';
import { useWorkspace } from '../workspace-context.ts';
import { Composer } from './Composer.tsx';
import { MessageList } from './MessageList.tsx';
import { PlaceHeader } from './PlaceHeader.tsx';
import { Welcome } from './Welcome.tsx';

export function ChannelView({ id, onMenu }: { id: string; readonly onMenu: () => void }) {
  const { state } = useWorkspace();
  const channel = state.workspace?.channels.find((candidate) => candidate.id === id);
  if (!channel) return <main class="place" aria-busy="true" />;
  const messages = rootsOf(state, id);
  return (
    <main class="place">
      <PlaceHeader title={channel.name} detail={channel.topic} isChannel onMenu={onMenu} />
      <MessageList
        label={`Messages in ${channel.name}`}
        listKey={id}
        messages={messages}
        inThread={false}
        me={state.me}
        intro={<Welcome channel={channel} isFirst={messages.length === 0} />}
      />
      <Composer key={id} channel={id} placeholder={`Message #${channel.name}`} />
    </main>
  );
}
