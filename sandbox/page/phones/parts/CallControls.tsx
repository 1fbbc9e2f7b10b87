import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { KeypadIcon, MicrophoneIcon, MutedIcon, PhoneDownIcon, SoundIcon } from '../../parts/icons.tsx';
import { usePhones } from '../phones-context.ts';
import type { InHand } from '../state.ts';
import { SpeakMenu } from './SpeakMenu.tsx';

interface CallControlsProps {
  readonly phone: Phone;
  readonly call: PhoneCall;
  /** Null while its sound is not here. */
  readonly inHand: InHand | null;
  readonly keypad: boolean;
  readonly onKeypad: () => void;
}

/** What can be done in a call: a row of round buttons, each with its name. */
export function CallControls({ phone, call, inHand, keypad, onKeypad }: CallControlsProps) {
  const { actions } = usePhones();
  const { number } = phone;
  return (
    <div class="call-controls">
      {call.state === 'in-call' && (
        <>
          {inHand ? (
            <button
              type="button"
              class="round"
              aria-pressed={inHand.muted}
              disabled={inHand.microphone !== 'on'}
              onClick={() => actions.mute(!inHand.muted)}
            >
              <span>{inHand.muted ? <MutedIcon /> : <MicrophoneIcon />}</span>
              Mute
            </button>
          ) : (
            <button type="button" class="round is-primary" onClick={() => actions.pickUp(number)}>
              <span>
                <SoundIcon />
              </span>
              Listen and talk
            </button>
          )}
          <button type="button" class="round is-toggle" aria-expanded={keypad} onClick={onKeypad}>
            <span>
              <KeypadIcon />
            </span>
            Keypad
          </button>
          <SpeakMenu number={number} />
        </>
      )}
      <button type="button" class="round is-danger" onClick={() => void actions.hangUp(number)}>
        <span>
          <PhoneDownIcon />
        </span>
        Hang up
      </button>
    </div>
  );
}
