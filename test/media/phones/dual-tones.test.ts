import { describe, expect, it } from 'vitest';
import { decodeMulaw } from '../../../src/core/audio/g711.ts';
import { createOpusDecoder } from '../../../src/media/audio/opus.ts';
import { createPhoneMix } from '../../../src/media/phones/phone-mix.ts';
import { sendOpus } from '../audio/support.ts';
import { silentLog } from '../support.ts';

/** What a menu at the far side listens for: two tones at once, of ITU-T Q.23. */
const LOW_HZ = [697, 770, 852, 941];
const HIGH_HZ = [1_209, 1_336, 1_477, 1_633];
const KEYS = ['123A', '456B', '789C', '*0#D'];
const TONE_MS = 100;
const PAUSE_MS = 100;
const MICROPHONE_HZ = 16_000;
const PHONE_HZ = 8_000;
const WINDOW = 0.04 * PHONE_HZ;

const frequenciesOf = (key: string): readonly [number, number] => {
  const row = KEYS.findIndex((keys) => keys.includes(key));
  return [LOW_HZ[row]!, HIGH_HZ[KEYS[row]!.indexOf(key)]!];
};

const dial = (keys: string): Int16Array => {
  const perKey = ((TONE_MS + PAUSE_MS) * MICROPHONE_HZ) / 1_000;
  return Int16Array.from({ length: perKey * (keys.length + 1) }, (_, at) => {
    const key = keys[Math.floor(at / perKey)];
    if (key === undefined || at % perKey >= (TONE_MS * MICROPHONE_HZ) / 1_000) return 0;
    const seconds = at / MICROPHONE_HZ;
    const [low, high] = frequenciesOf(key);
    return 6_000 * (Math.sin(2 * Math.PI * low * seconds) + Math.sin(2 * Math.PI * high * seconds));
  });
};

/** The power of one frequency. @see https://en.wikipedia.org/wiki/Goertzel_algorithm */
const powerOf = (samples: readonly number[], hz: number): number => {
  const [cosine, sine] = samples.reduce(
    ([cos, sin], sample, at) => {
      const phase = (2 * Math.PI * hz * at) / PHONE_HZ;
      return [cos + sample * Math.cos(phase), sin + sample * Math.sin(phase)] as [number, number];
    },
    [0, 0] as [number, number],
  );
  return (cosine ** 2 + sine ** 2) / samples.length ** 2;
};

/** The key of a window of 40 ms, as receivers decide: one tone of each group, far above the others of its group. */
const keyIn = (samples: readonly number[]): string | null => {
  const strongest = (group: readonly number[]): number | null => {
    const powers = group.map((hz) => powerOf(samples, hz));
    const [first, second] = powers.toSorted((a, b) => b - a);
    return first! > 100_000 && first! > 6 * second! ? powers.indexOf(first!) : null;
  };
  const row = strongest(LOW_HZ);
  const column = strongest(HIGH_HZ);
  return row === null || column === null ? null : KEYS[row]![column]!;
};

/** Keys that are heard for at least 40 ms, in order. */
const keysIn = (samples: readonly number[]): string => {
  let keys = '';
  let last: string | null = null;
  for (let at = 0; at + WINDOW <= samples.length; at += WINDOW / 4) {
    const key = keyIn(samples.slice(at, at + WINDOW));
    if (key !== null && key !== last) keys += key;
    last = key;
  }
  return keys;
};

/** What a phone is played of a microphone into which these keys are played. */
const throughMix = async (keys: string): Promise<readonly number[]> => {
  const sent = await sendOpus(dial(keys));
  let nowMs = 0;
  let due = (): void => {};
  const clock = {
    start: (listener: () => void) => {
      due = listener;
      return () => {};
    },
  };
  const mix = createPhoneMix({ clock, nowMs: () => nowMs, log: silentLog });
  const played: number[] = [];
  mix.addPhone('the phone', (mulaw) => played.push(...Array.from(mulaw, decodeMulaw)));
  const microphone = mix.addSpeaker({ peerId: 'a page', codec: 'opus' });
  // Until the codec is loaded.
  (await createOpusDecoder(PHONE_HZ)).close();
  await new Promise(setImmediate);
  const endMs = sent.at(-1)!.sentMs + 300;
  for (let next = 0; nowMs < endMs; nowMs += 20) {
    for (; next < sent.length && sent[next]!.sentMs <= nowMs; next += 1) {
      microphone.packet({ ...sent[next]!.rtp, arrivedMs: nowMs });
    }
    due();
  }
  microphone.closed();
  return played;
};

describe('a menu at the far side that wants keys', () => {
  it.each(['1', '0', '159#', '2580', 'ABCD*'])(
    'hears the tones of %s that a microphone picks up',
    async (keys) => {
      expect(keysIn(await throughMix(keys))).toBe(keys);
    },
  );
});
