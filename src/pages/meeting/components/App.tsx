import { useEffect } from 'preact/hooks';
import { OPENING } from '../sentences.ts';
import { EndScreen } from './EndScreen.tsx';
import { Lobby } from './lobby/Lobby.tsx';
import { MeetingView } from './MeetingView.tsx';
import { useSelect } from './page-context.ts';

export function App() {
  const phase = useSelect((state) => state.phase);
  const info = useSelect((state) => state.info);
  useEffect(() => {
    if (info !== null) document.title = `${info.title} · Parley`;
  }, [info]);
  if (phase === 'ended') return <EndScreen />;
  if (phase === 'joined') return <MeetingView />;
  if (info === null) {
    return (
      <main class="loading" aria-busy="true">
        {OPENING}
      </main>
    );
  }
  return <Lobby info={info} />;
}
