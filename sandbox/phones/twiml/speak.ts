import type { ClipLibrary } from '../audio/clip-library.ts';
import { createPlayoutBuffer } from '../audio/playout-buffer.ts';
import { hum } from '../audio/tones.ts';
import type { TwimlCall } from '../live-call.ts';
import { type SpokenVerb, TwimlFault } from './parse.ts';

/** Plays a verb to the phone. Resolves at its end, or early when aborted. The call must be answered. */
export type Speak = (call: TwimlCall, verb: SpokenVerb, signal: AbortSignal) => Promise<void>;

/** Of one key, or of a pause in their place. */
const KEY_MS = 500;

/** There is no speech synthesis: a sentence is shown, and hums for as long as a voice would need. */
export const createSpeaker = (clips: ClipLibrary, charactersPerSecond: number): Speak => {
  const fetchClip = async (url: string, signal: AbortSignal): Promise<Uint8Array> => {
    try {
      const response = await fetch(url, { signal });
      if (response.ok) return await clips.decode(await response.bytes());
    } catch {
      // Whatever the reason, the fault below reports it.
    }
    throw new TwimlFault(11200, 'HTTP retrieval failure: what Play names is not a recording.');
  };
  return async (call, verb, signal) => {
    const audio = call.audio!;
    if (verb.verb === 'Pause') return audio.wait(verb.durationMs, signal);
    if (verb.verb === 'Keys') {
      call.showSpoken(`Keys: ${verb.keys.replace(/w/gi, '')}`);
      return audio.wait(KEY_MS * verb.keys.length, signal);
    }
    for (let time = 0; (verb.times === 0 || time < verb.times) && !signal.aborted; time += 1) {
      if (verb.verb === 'Say') call.showSpoken(verb.text);
      const queue = createPlayoutBuffer();
      queue.push(
        verb.verb === 'Say'
          ? hum((1000 * verb.text.length) / charactersPerSecond)
          : await fetchClip(verb.url, signal),
      );
      audio.play(() => queue.take());
      await audio.wait(queue.lengthMs, signal);
      audio.play(null);
    }
  };
};
