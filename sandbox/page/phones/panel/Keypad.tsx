import { DTMF_KEYS } from '../audio/tones.ts';
import { call } from '../sentences.ts';

const NAMES: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Hash' };

interface KeypadProps {
  /** The other side is waiting for keys. */
  readonly isWanted: boolean;
  readonly pressed: string;
  readonly onPress: (key: string) => void;
}

export function Keypad({ isWanted, pressed, onPress }: KeypadProps) {
  return (
    <div class="keypad-section">
      <output class={pressed ? 'keypad-pressed' : 'keypad-pressed is-empty'} aria-label={call.keysPressed}>
        {pressed || (isWanted ? call.keysWanted : call.pressKeys)}
      </output>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what a form sends. */}
      <div class="keypad" role="group" aria-label={call.keypad}>
        {DTMF_KEYS.map((key) => (
          <button key={key} type="button" class="key" aria-label={NAMES[key]} onClick={() => onPress(key)}>
            {key}
          </button>
        ))}
      </div>
    </div>
  );
}
