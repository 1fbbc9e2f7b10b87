/** Two rings and a pause, as telephones in the country of these numbers ring. */
const RING_STARTS_S = [0, 0.6] as const;
const RING_S = 0.4;
const EVERY_MS = 3000;
const TONES_HZ = [400, 450] as const;
/** Soft: it rings beside somebody who looks at the page. */
const LOUDNESS = 0.035;

const KEY_S = 0.12;
/** What telephones send for a key: a tone for its row and one for its column. @see ITU-T Q.23 */
const ROWS_HZ = [697, 770, 852, 941] as const;
const COLUMNS_HZ = [1209, 1336, 1477] as const;
/** In rows, as they lie on a telephone. */
export const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** The sounds that a telephone makes itself. */
export interface Ringer {
  ring(on: boolean): void;
  key(key: string): void;
  close(): void;
}

/** Silent until the visitor has touched the page: before that, browsers let no page make a sound. */
export function createRinger(): Ringer {
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let rings: AudioNode[] = [];

  const sound = (): AudioContext | null => {
    if (!navigator.userActivation.hasBeenActive) return null;
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
    return context;
  };
  const ringOnce = () => {
    const on = sound();
    rings = on ? RING_STARTS_S.map((start) => chord(on, TONES_HZ, on.currentTime + start, RING_S)) : [];
  };
  const ring = (on: boolean) => {
    if (on === (timer !== undefined)) return;
    clearInterval(timer);
    timer = on ? setInterval(ringOnce, EVERY_MS) : undefined;
    // Whoever has answered is not rung at any more.
    for (const one of rings.splice(0)) one.disconnect();
    if (on) ringOnce();
  };
  return {
    ring,
    key: (key) => {
      const on = sound();
      const place = KEYS.indexOf(key as (typeof KEYS)[number]);
      if (!on || place < 0) return;
      chord(on, [ROWS_HZ[Math.floor(place / 3)]!, COLUMNS_HZ[place % 3]!], on.currentTime, KEY_S);
    },
    close: () => {
      ring(false);
      void context?.close();
      context = undefined;
    },
  };
}

const FADE_S = 0.02;

function chord(
  context: AudioContext,
  tonesHz: readonly number[],
  startS: number,
  lengthS: number,
): AudioNode {
  const volume = context.createGain();
  volume.gain.setValueAtTime(0, startS);
  volume.gain.linearRampToValueAtTime(LOUDNESS, startS + FADE_S);
  volume.gain.setValueAtTime(LOUDNESS, startS + lengthS - FADE_S);
  volume.gain.linearRampToValueAtTime(0, startS + lengthS);
  volume.connect(context.destination);
  for (const hz of tonesHz) {
    const tone = new OscillatorNode(context, { frequency: hz });
    tone.connect(volume);
    tone.start(startS);
    tone.stop(startS + lengthS);
  }
  return volume;
}
