/** The British ringtone, which fits the numbers here: two rings, then a pause. */
const RING_STARTS_S = [0, 0.6] as const;
const RING_S = 0.4;
const RING_INTERVAL_MS = 3000;
const RING_HZ = [400, 450] as const;
/** Quiet, because the visitor sits in front of the page. */
const GAIN = 0.035;

const KEY_S = 0.12;
/** A key's DTMF signal: one tone for its row and one for its column. @see ITU-T Q.23 */
const ROWS_HZ = [697, 770, 852, 941] as const;
const COLUMNS_HZ = [1209, 1336, 1477] as const;
/** Row by row, as on a keypad. */
export const DTMF_KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '*', '0', '#'] as const;

/** The sounds that a phone makes itself. */
export interface PhoneTones {
  ring(on: boolean): void;
  dtmf(key: string): void;
  close(): void;
}

/** Silent until the visitor has interacted with the page: browsers allow no sound before that. */
export function createTones(): PhoneTones {
  let context: AudioContext | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let rings: AudioNode[] = [];

  const runningContext = (): AudioContext | null => {
    if (!navigator.userActivation.hasBeenActive) return null;
    context ??= new AudioContext();
    if (context.state === 'suspended') void context.resume();
    return context;
  };
  const ringOnce = () => {
    const running = runningContext();
    rings = running
      ? RING_STARTS_S.map((start) => playChord(running, RING_HZ, running.currentTime + start, RING_S))
      : [];
  };
  const ring = (on: boolean) => {
    if (on === (timer !== undefined)) return;
    clearInterval(timer);
    timer = on ? setInterval(ringOnce, RING_INTERVAL_MS) : undefined;
    // Cuts off the ring that is playing.
    for (const one of rings.splice(0)) one.disconnect();
    if (on) ringOnce();
  };
  return {
    ring,
    dtmf: (key) => {
      const running = runningContext();
      const index = DTMF_KEYS.indexOf(key as (typeof DTMF_KEYS)[number]);
      if (!running || index < 0) return;
      const tonesHz = [ROWS_HZ[Math.floor(index / 3)]!, COLUMNS_HZ[index % 3]!];
      playChord(running, tonesHz, running.currentTime, KEY_S);
    },
    close: () => {
      ring(false);
      void context?.close();
      context = undefined;
    },
  };
}

const FADE_S = 0.02;

function playChord(
  context: AudioContext,
  tonesHz: readonly number[],
  startS: number,
  lengthS: number,
): AudioNode {
  const volume = context.createGain();
  volume.gain.setValueAtTime(0, startS);
  volume.gain.linearRampToValueAtTime(GAIN, startS + FADE_S);
  volume.gain.setValueAtTime(GAIN, startS + lengthS - FADE_S);
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
