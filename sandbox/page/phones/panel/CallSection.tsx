import { useEffect, useRef, useState } from 'preact/hooks';
import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { PhoneDownIcon, PhoneIcon } from '../../ui/icons.tsx';
import { DTMF_KEYS } from '../audio/tones.ts';
import { nameOfNumber, phoneLabel } from '../numbers.ts';
import { usePhoneNetwork } from '../phones-context.ts';
import { behaviourLabel, microphoneProblem, call as sentences } from '../sentences.ts';
import { CallControls } from './CallControls.tsx';
import { Elapsed } from './Elapsed.tsx';
import { Keypad } from './Keypad.tsx';
import { SpokenText } from './SpokenText.tsx';

interface CallSectionProps {
  readonly phone: Phone;
  readonly call: PhoneCall;
}

/** The call that a phone is in. While the focus is inside, the keyboard's digits press the phone's keys. */
export function CallSection({ phone, call }: CallSectionProps) {
  const { state, actions, network } = usePhoneNetwork();
  const section = useRef<HTMLElement>(null);
  // Null until the visitor opens or closes the keypad; until then it is open while keys are wanted.
  const [keypadChoice, setKeypadChoice] = useState<boolean | null>(null);
  const [pressed, setPressed] = useState('');
  const active = state.active?.number === phone.number ? state.active : null;
  const isActive = active !== null;
  const isRinging = call.state === 'ringing';
  const inCall = call.state === 'in-call';

  useEffect(() => {
    // The button that was pressed is gone with the ringing; without this, the keyboard would start from the top.
    if (isActive && !isRinging && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true });
  }, [isActive, isRinging]);

  const press = (key: string) => {
    setPressed((before) => before + key);
    void actions.press(phone.number, key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isKey = (DTMF_KEYS as readonly string[]).includes(event.key);
    // Menus handle their own keys.
    const isInMenu = event.target instanceof Element && event.target.closest('.popover') !== null;
    if (!isKey || isInMenu || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    press(event.key);
  };
  const isKeypadOpen = inCall && (keypadChoice ?? call.wantsKeys);
  const problem = active && microphoneProblem(active.microphone);
  return (
    <section
      ref={section}
      class="call"
      aria-label={sentences.label(phoneLabel(phone))}
      tabIndex={-1}
      onKeyDown={inCall ? onKeyDown : undefined}
    >
      <p class="call-state">
        <span class="call-icon" aria-hidden="true">
          <PhoneIcon />
        </span>
        <span class="call-with">
          <b dir="auto">{nameOfNumber(network, call.with)}</b>
          <small>{describeState(phone, call)}</small>
        </span>
        <Elapsed sinceMs={call.sinceMs} />
      </p>
      {isRinging ? (
        <RingingButtons phone={phone} />
      ) : (
        <>
          <SpokenText spoken={call.spoken} />
          {problem && <p class="call-problem">{problem}</p>}
          <CallControls
            phone={phone}
            call={call}
            active={active}
            isKeypadOpen={isKeypadOpen}
            onKeypad={() => setKeypadChoice(!isKeypadOpen)}
          />
          {isKeypadOpen && <Keypad isWanted={call.wantsKeys} pressed={pressed} onPress={press} />}
        </>
      )}
    </section>
  );
}

function describeState({ behaviour }: Phone, call: PhoneCall): string {
  switch (call.state) {
    case 'calling':
      return sentences.calling;
    case 'ringing':
      return behaviour.type === 'ring'
        ? sentences.isCalling
        : `${sentences.isCalling} · ${behaviourLabel(behaviour)}`;
    case 'in-call':
      return call.connected ? sentences.connected : sentences.onlyParley;
  }
}

function RingingButtons({ phone }: { readonly phone: Phone }) {
  const { actions } = usePhoneNetwork();
  if (phone.behaviour.type !== 'ring') return null;
  return (
    <div class="call-answer">
      <button type="button" class="button is-answer" onClick={() => void actions.answer(phone.number)}>
        <PhoneIcon />
        {sentences.answer}
      </button>
      <button
        type="button"
        class="button is-danger is-solid"
        onClick={() => void actions.hangUp(phone.number)}
      >
        <PhoneDownIcon />
        {sentences.decline}
      </button>
    </div>
  );
}
