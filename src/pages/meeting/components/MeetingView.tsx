import { STAGE } from '../sentences.ts';
import { kindOf } from '../state/state.ts';
import { ConnectionBanner } from './ConnectionBanner.tsx';
import { ControlBar } from './ControlBar.tsx';
import { CaptionLog } from './captions/CaptionLog.tsx';
import { CaptionOverlay } from './captions/CaptionOverlay.tsx';
import { Dialogs } from './dialogs/Dialogs.tsx';
import { NoticeBar } from './NoticeBar.tsx';
import { useSelect, useSettings } from './page-context.ts';
import { SidePanel } from './panel/SidePanel.tsx';
import { RemoteAudio } from './stage/RemoteAudio.tsx';
import { Stage } from './stage/Stage.tsx';
import { TopBar } from './TopBar.tsx';
import { useShortcuts } from './use-shortcuts.ts';

export function MeetingView() {
  useShortcuts();
  const kind = useSelect(kindOf);
  const panel = useSelect((state) => state.panel);
  const hasCaptions = useSelect((state) => state.captionsWanted && state.captionsOn);
  const [{ captionPosition, captionSize }] = useSettings();
  const captionClasses = hasCaptions ? ` captions-${captionPosition} is-${captionSize}` : '';
  return (
    <div class={panel === null ? 'meeting' : 'meeting has-panel'}>
      <TopBar />
      <main class={`meeting-main${captionClasses}`} aria-label={STAGE.label(kind)}>
        <ConnectionBanner />
        <Stage />
        <CaptionOverlay />
        <NoticeBar />
      </main>
      {panel !== null && <SidePanel panel={panel} />}
      <ControlBar />
      <CaptionLog />
      <RemoteAudio />
      <Dialogs />
    </div>
  );
}
