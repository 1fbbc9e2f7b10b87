import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { AudioIcon, KeypadIcon, MicrophoneIcon, MutedIcon, PhoneDownIcon } from '../../ui/icons.tsx';
import { usePhones } from '../phones-context.ts';
import { call as sentences } from '../sentences.ts';
import type { ActivePhone } from '../state.ts';
import { SpeakMenu } from './SpeakMenu.tsx';

interface CallControlsProps {
  readonly phone: Phone;
  readonly call: PhoneCall;
  /** Null while its audio is not on this page. */
  readonly active: ActivePhone | null;
  readonly isKeypadOpen: boolean;
  readonly onKeypad: () => void;
}

/** The buttons of a call, each with its name below its icon. */
export function CallControls({ phone, call, active, isKeypadOpen, onKeypad }: CallControlsProps) {
  const { actions } = usePhones();
  const { number } = phone;
  return (
    <div class="call-controls">
      {call.state === 'in-call' && (
        <>
          {active ? (
            <button
              type="button"
              class="round-button"
              aria-pressed={active.muted}
              disabled={active.microphone !== 'on'}
              onClick={() => actions.mute(!active.muted)}
            >
              <span>{active.muted ? <MutedIcon /> : <MicrophoneIcon />}</span>
              {sentences.mute}
            </button>
          ) : (
            <button type="button" class="round-button is-primary" onClick={() => actions.activate(number)}>
              <span>
                <AudioIcon />
              </span>
              {sentences.takeAudio}
            </button>
          )}
          <button
            type="button"
            class="round-button is-toggle"
            aria-expanded={isKeypadOpen}
            onClick={onKeypad}
          >
            <span>
              <KeypadIcon />
            </span>
            {sentences.keypad}
          </button>
          <SpeakMenu number={number} />
        </>
      )}
      <button type="button" class="round-button is-danger" onClick={() => void actions.hangUp(number)}>
        <span>
          <PhoneDownIcon />
        </span>
        {sentences.hangUp}
      </button>
    </div>
  );
}
