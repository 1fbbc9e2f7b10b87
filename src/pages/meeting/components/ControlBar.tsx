import { CONTROLS } from '../sentences.ts';
import { departureOf } from '../state/departure.ts';
import { isHeard, kindOf, type Panel } from '../state/state.ts';
import { Icon } from './controls/Icon.tsx';
import { ToggleButton } from './controls/ToggleButton.tsx';
import { useDispatch, usePage, useSelect } from './page-context.ts';

export function ControlBar() {
  const kind = useSelect(kindOf);
  return (
    <nav class="controls" aria-label={CONTROLS.label(kind)}>
      <MediaControls />
      <ViewControls />
      <div class="controls-group">
        <LeaveButton />
      </div>
    </nav>
  );
}

const canShareScreen = (): boolean =>
  navigator.mediaDevices !== undefined && 'getDisplayMedia' in navigator.mediaDevices;

/** What others see and hear. */
function MediaControls() {
  const { meeting } = usePage();
  const { camera, screen } = useSelect((state) => state.localMedia);
  const isHandRaised = useSelect((state) => state.handRaised);
  const isMicrophoneOn = useSelect(isHeard);
  return (
    <div class="controls-group">
      <ToggleButton
        icon={isMicrophoneOn ? 'mic' : 'mic-off'}
        label={CONTROLS.microphone}
        pressed={isMicrophoneOn}
        tone="alert-when-off"
        shortcut="M"
        onClick={() => void meeting.setMicrophone(!isMicrophoneOn)}
      />
      <ToggleButton
        icon={camera ? 'camera' : 'camera-off'}
        label={CONTROLS.camera}
        pressed={camera}
        tone="alert-when-off"
        shortcut="V"
        onClick={() => void meeting.setCamera(!camera)}
      />
      {canShareScreen() && (
        <ToggleButton
          icon="screen"
          label={CONTROLS.screen}
          pressed={screen}
          tone={screen ? 'attention' : 'plain'}
          shortcut="S"
          onClick={() => void meeting.setScreen(!screen)}
        />
      )}
      <ToggleButton
        icon="hand"
        label={CONTROLS.hand}
        pressed={isHandRaised}
        tone={isHandRaised ? 'attention' : 'plain'}
        shortcut="H"
        onClick={() => void meeting.setHandRaised(!isHandRaised)}
      />
    </div>
  );
}

/** What this page shows. */
function ViewControls() {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const captionsWanted = useSelect((state) => state.captionsWanted);
  const panel = useSelect((state) => state.panel);
  const count = useSelect((state) => state.peers.length);
  const toggle = (target: Panel): void =>
    dispatch({ type: 'panel', panel: panel === target ? null : target });
  return (
    <div class="controls-group is-secondary">
      <ToggleButton
        icon="captions"
        label={CONTROLS.captions}
        pressed={captionsWanted}
        shortcut="C"
        onClick={() => void meeting.showCaptions(!captionsWanted)}
      />
      <ToggleButton
        icon="transcript"
        label={CONTROLS.transcript}
        pressed={panel === 'transcript'}
        shortcut="T"
        onClick={() => toggle('transcript')}
      />
      <ToggleButton
        icon="people"
        label={CONTROLS.people}
        pressed={panel === 'people'}
        shortcut="P"
        onClick={() => toggle('people')}
      >
        <span class="count" data-count={count} aria-hidden="true" />
      </ToggleButton>
      <button
        type="button"
        class="icon-button"
        aria-label={CONTROLS.settings}
        title={CONTROLS.settings}
        aria-haspopup="dialog"
        onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'settings' } })}
      >
        <Icon name="settings" />
      </button>
    </div>
  );
}

/** The host is asked whether to end it for everyone, where others would otherwise go on. */
function LeaveButton() {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const label = CONTROLS.leave(useSelect(kindOf));
  const departure = useSelect(departureOf);
  const depart = {
    ask: () => dispatch({ type: 'dialog', dialog: { kind: 'leave' } }),
    leave: () => void meeting.leave(),
    end: () => void meeting.hangUp(),
  }[departure];
  return (
    <button
      type="button"
      class="icon-button is-leave"
      aria-label={label}
      title={label}
      aria-haspopup={departure === 'ask' ? 'dialog' : undefined}
      onClick={depart}
    >
      <Icon name="leave" />
    </button>
  );
}
