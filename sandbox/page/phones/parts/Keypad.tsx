import { KEYS } from '../audio/ringer.ts';

const NAMES: Readonly<Record<string, string>> = { '*': 'Star', '#': 'Hash' };

interface KeypadProps {
  /** The other side waits for keys. */
  readonly wanted: boolean;
  readonly pressed: string;
  readonly onPress: (key: string) => void;
}

export function Keypad({ wanted, pressed, onPress }: KeypadProps) {
  return (
    <div class="keypad-place">
      <output class={pressed ? 'keypad-pressed' : 'keypad-pressed is-empty'} aria-label="Keys pressed">
        {pressed || (wanted ? 'They ask you to press keys' : 'Press, or type, a key')}
      </output>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for what a form sends. */}
      <div class="keypad" role="group" aria-label="Keypad">
        {KEYS.map((key) => (
          <button key={key} type="button" class="key" aria-label={NAMES[key]} onClick={() => onPress(key)}>
            {key}
          </button>
        ))}
      </div>
    </div>
  );
}
