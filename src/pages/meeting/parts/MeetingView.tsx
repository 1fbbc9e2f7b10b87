import { useSelect, useSettings } from '../page-context.ts';
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
  const captioned = useSelect((state) => state.captionsWanted && state.captionsOn);
  const [{ captionPlace, captionSize }] = useSettings();
  const look = captioned ? `meeting-main captions-${captionPlace} is-${captionSize}` : 'meeting-main';
  return (
    <div class={panel === null ? 'meeting' : 'meeting has-panel'}>
      <TopBar />
      <main class={look} aria-label="People in the meeting">
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
