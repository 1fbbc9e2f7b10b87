import { useSelect } from '../page-context.ts';
import { useShortcuts } from '../use-shortcuts.ts';
import { CaptionOverlay } from './CaptionOverlay.tsx';
import { ControlBar } from './ControlBar.tsx';
import { Dialogs } from './Dialogs.tsx';
import { FinalsLog } from './FinalsLog.tsx';
import { LineBanner } from './LineBanner.tsx';
import { NoticeBar } from './NoticeBar.tsx';
import { SidePanel } from './SidePanel.tsx';
import { Sounds } from './Sounds.tsx';
import { Stage } from './Stage.tsx';
import { TopBar } from './TopBar.tsx';

export function MeetingView() {
  useShortcuts();
  const panel = useSelect((state) => state.panel);
  return (
    <div class={panel === null ? 'meeting' : 'meeting has-panel'}>
      <TopBar />
      <main class="meeting-main" aria-label="People in the meeting">
        <LineBanner />
        <Stage />
        <CaptionOverlay />
        <NoticeBar />
      </main>
      {panel !== null && <SidePanel panel={panel} />}
      <ControlBar />
      <FinalsLog />
      <Sounds />
      <Dialogs />
    </div>
  );
}
