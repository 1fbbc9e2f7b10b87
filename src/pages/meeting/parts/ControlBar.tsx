import { useDispatch, usePage, useSelect } from '../page-context.ts';
import { mine, type Panel } from '../state.ts';
import { Icon } from './Icon.tsx';
import { ToggleButton } from './ToggleButton.tsx';

const canShare = (): boolean =>
  navigator.mediaDevices !== undefined && 'getDisplayMedia' in navigator.mediaDevices;

export function ControlBar() {
  const { meeting } = usePage();
  const dispatch = useDispatch();
  const own = useSelect((state) => state.own);
  const me = useSelect(mine);
  const wanted = useSelect((state) => state.captionsWanted);
  const panel = useSelect((state) => state.panel);
  const count = useSelect((state) => state.peers.length);
  const speaks = own.microphone === 'on';
  const hand = me?.handRaised ?? false;
  const toPanel = (to: Panel): void => dispatch({ type: 'panel', panel: panel === to ? null : to });
  return (
    <nav class="controls" aria-label="Meeting controls">
      <div class="controls-group">
        <ToggleButton
          icon={speaks ? 'mic' : 'mic-off'}
          label={{ on: 'Mute', off: 'Unmute' }}
          pressed={speaks}
          tone="loud-off"
          shortcut="M"
          onClick={() => void meeting.setMicrophone(!speaks)}
        />
        <ToggleButton
          icon={own.camera ? 'camera' : 'camera-off'}
          label={{ on: 'Turn camera off', off: 'Turn camera on' }}
          pressed={own.camera}
          tone="loud-off"
          shortcut="V"
          onClick={() => void meeting.setCamera(!own.camera)}
        />
        {canShare() && (
          <ToggleButton
            icon="screen"
            label={{ on: 'Stop sharing', off: 'Share screen' }}
            pressed={own.screen}
            tone={own.screen ? 'attention' : 'plain'}
            shortcut="S"
            onClick={() => void meeting.setScreen(!own.screen)}
          />
        )}
        <ToggleButton
          icon="hand"
          label={{ on: 'Lower hand', off: 'Raise hand' }}
          pressed={hand}
          tone={hand ? 'attention' : 'plain'}
          shortcut="H"
          onClick={() => void meeting.raiseHand(!hand)}
        />
      </div>
      <div class="controls-group is-quiet">
        <ToggleButton
          icon="captions"
          label={{ on: 'Hide captions', off: 'Show captions' }}
          pressed={wanted}
          shortcut="C"
          onClick={() => void meeting.wantCaptions(!wanted)}
        />
        <ToggleButton
          icon="transcript"
          label="Transcript"
          pressed={panel === 'transcript'}
          shortcut="T"
          onClick={() => toPanel('transcript')}
        />
        <ToggleButton
          icon="people"
          label="People"
          pressed={panel === 'people'}
          shortcut="P"
          onClick={() => toPanel('people')}
        >
          <span class="count" data-count={count} aria-hidden="true" />
        </ToggleButton>
        <button
          type="button"
          class="round"
          aria-label="Settings"
          title="Settings"
          aria-haspopup="dialog"
          onClick={() => dispatch({ type: 'dialog', dialog: { kind: 'settings' } })}
        >
          <Icon name="settings" />
        </button>
      </div>
      <div class="controls-group">
        <button
          type="button"
          class="round is-leave"
          aria-label="Leave"
          title="Leave"
          aria-haspopup={me?.host ? 'dialog' : undefined}
          onClick={() =>
            me?.host ? dispatch({ type: 'dialog', dialog: { kind: 'leave' } }) : void meeting.leave()
          }
        >
          <Icon name="leave" />
        </button>
      </div>
    </nav>
  );
}
