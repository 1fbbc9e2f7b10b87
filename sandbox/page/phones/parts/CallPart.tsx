import { useEffect, useRef, useState } from 'preact/hooks';
import type { Phone, PhoneCall } from '../../../phones/control/contract.ts';
import { PhoneDownIcon, PhoneIcon } from '../../parts/icons.tsx';
import { KEYS } from '../audio/ringer.ts';
import { useKnownPhones } from '../phones-context.ts';
import { labelOf, nameOf, problemOf, telephoneOf } from '../words.ts';
import { CallControls } from './CallControls.tsx';
import { Elapsed } from './Elapsed.tsx';
import { Keypad } from './Keypad.tsx';
import { SpokenText } from './SpokenText.tsx';

interface CallPartProps {
  readonly phone: Phone;
  readonly call: PhoneCall;
}

/** The call that a telephone is in. While the focus is in it, the keyboard's digits are the telephone's keys. */
export function CallPart({ phone, call }: CallPartProps) {
  const { view, actions, known } = useKnownPhones();
  const section = useRef<HTMLElement>(null);
  // What the visitor chose; before that, it is there when keys are asked for.
  const [keypad, setKeypad] = useState<boolean | null>(null);
  const [pressed, setPressed] = useState('');
  const inHand = view.inHand?.number === phone.number ? view.inHand : null;
  const isHeld = inHand !== null;
  const { state } = call;

  useEffect(() => {
    // The button that was pressed is gone with what it did; without this, the keyboard would start from the top.
    if (isHeld && state !== 'ringing' && document.activeElement === document.body)
      section.current?.focus({ preventScroll: true });
  }, [isHeld, state]);

  const press = (key: string) => {
    setPressed((before) => before + key);
    void actions.press(phone.number, key);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isKey = (KEYS as readonly string[]).includes(event.key);
    // A menu has keys of its own.
    const isInMenu = event.target instanceof Element && event.target.closest('.popover') !== null;
    if (!isKey || isInMenu || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    event.preventDefault();
    press(event.key);
  };
  const showsKeypad = state === 'in-call' && (keypad ?? call.wantsKeys);
  const problem = inHand && problemOf(inHand.microphone);
  return (
    <section
      ref={section}
      class="call"
      aria-label={`The call of ${telephoneOf(phone)}`}
      tabIndex={-1}
      onKeyDown={state === 'in-call' ? onKeyDown : undefined}
    >
      <p class="call-state">
        <span class="call-mark" aria-hidden="true">
          <PhoneIcon />
        </span>
        <span class="call-with">
          <b dir="auto">{nameOf(known, call.with)}</b>
          <small>{stateLine(phone, call)}</small>
        </span>
        <Elapsed sinceMs={call.sinceMs} />
      </p>
      {state === 'ringing' ? (
        <RingButtons phone={phone} />
      ) : (
        <>
          <SpokenText spoken={call.spoken} />
          {problem && <p class="call-problem">{problem}</p>}
          <CallControls
            phone={phone}
            call={call}
            inHand={inHand}
            keypad={showsKeypad}
            onKeypad={() => setKeypad(!showsKeypad)}
          />
          {showsKeypad && <Keypad wanted={call.wantsKeys} pressed={pressed} onPress={press} />}
        </>
      )}
    </section>
  );
}

function stateLine({ behaviour }: Phone, call: PhoneCall): string {
  switch (call.state) {
    case 'calling':
      return 'Calling…';
    case 'ringing':
      return behaviour.type === 'ring' ? 'is calling' : `is calling. ${labelOf(behaviour)}`;
    case 'in-call':
      return call.connected ? 'In a call' : 'In a call; so far only Parley listens';
  }
}

function RingButtons({ phone }: { readonly phone: Phone }) {
  const { actions } = useKnownPhones();
  if (phone.behaviour.type !== 'ring') return null;
  return (
    <div class="call-ring">
      <button type="button" class="button is-answer" onClick={() => void actions.answer(phone.number)}>
        <PhoneIcon />
        Answer
      </button>
      <button
        type="button"
        class="button is-danger is-solid"
        onClick={() => void actions.hangUp(phone.number)}
      >
        <PhoneDownIcon />
        Refuse
      </button>
    </div>
  );
}
