import { useEffect } from 'preact/hooks';
import { useSelect } from '../page-context.ts';
import { Ending } from './Ending.tsx';
import { Lobby } from './Lobby.tsx';
import { MeetingView } from './MeetingView.tsx';

export function App() {
  const phase = useSelect((state) => state.phase);
  const info = useSelect((state) => state.info);
  useEffect(() => {
    if (info !== null) document.title = `${info.title} · Parley`;
  }, [info]);
  if (phase === 'over') return <Ending />;
  if (phase === 'in') return <MeetingView />;
  if (info === null)
    return (
      <main class="waiting" aria-busy="true">
        Opening the meeting …
      </main>
    );
  return <Lobby info={info} />;
}
