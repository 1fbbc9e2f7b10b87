import { markerWord, silence } from '../../../sandbox/engine/scripted/markers.ts';
import type { LiveOptions, LiveState, LiveStream, SpeechCaption } from '../../../src/core/ports.ts';
import type { LivePace } from '../../../src/speech/live/index.ts';
import { until } from '../../support/until.ts';

export const RATE_HZ = 16_000;

/** As by default, and shorter, where a test would only wait. */
export const QUICK: Partial<LivePace> = {
  askEveryMs: 100,
  firstWaitMs: 20,
  longestWaitMs: 200,
  delayedAfterMs: 100,
  idleAfterMs: 100,
};

/** What a listener was told. */
export interface Listener extends Pick<LiveOptions, 'audio' | 'onCaption' | 'onState'> {
  readonly captions: SpeechCaption[];
  readonly states: { state: LiveState; lostMs: number }[];
  /** The final words so far: the markers' numbers and their times. */
  readonly finals: () => { number: number; startMs: number; endMs: number }[];
}

export const listener = (onCaption: (caption: SpeechCaption) => void = () => {}): Listener => {
  const captions: SpeechCaption[] = [];
  const states: Listener['states'] = [];
  return {
    audio: { encoding: 'linear16', sampleRateHz: RATE_HZ },
    captions,
    states,
    onCaption(caption) {
      captions.push(caption);
      onCaption(caption);
    },
    onState: (state, { lostMs }) => states.push({ state, lostMs }),
    finals: () =>
      captions
        .filter(({ isFinal }) => isFinal)
        .flatMap(({ words }) => words)
        .map(({ endMs, startMs, text }) => ({ number: Number(text.slice(1)), startMs, endMs })),
  };
};

/**
 * Says markers, each of which takes 100 ms, and pauses, as fast as the test calls: in pieces of 100 ms, or of
 * `pieceMs` each, which then end anywhere within a word; stamped as late as `jitterMs` says.
 */
export const speaker = (
  stream: LiveStream,
  from = { atMs: 0, number: 0 },
  uneven?: { readonly pieceMs: () => number; readonly jitterMs: () => number },
) => {
  const said: { number: number; startMs: number; endMs: number }[] = [];
  let { atMs, number } = from;
  let pending = Buffer.alloc(0);
  const send = (bytes: Buffer): void => {
    const pendingMs = (pending.length / 2 / RATE_HZ) * 1000;
    stream.send(bytes, atMs - pendingMs + (uneven?.jitterMs() ?? 0));
    pending = pending.subarray(bytes.length);
  };
  const sendRest = (): void => {
    if (pending.length > 0) send(pending);
  };
  /** `pending` ends at `atMs`. */
  const speak = (bytes: Buffer): void => {
    pending = Buffer.concat([pending, bytes]);
    atMs += (bytes.length / 2 / RATE_HZ) * 1000;
    if (uneven === undefined) sendRest();
    else while (pending.length >= LONGEST_PIECE) send(pending.subarray(0, uneven.pieceMs() * BYTES_PER_MS));
  };
  return {
    /** Everything that was said, as finals should have it. */
    said,
    say: (count: number): void => {
      for (let i = 0; i < count; i += 1) {
        said.push({ number, startMs: atMs, endMs: atMs + 100 });
        speak(markerWord(number, RATE_HZ));
        number += 1;
      }
    },
    /** Silence that is sent. */
    pause: (ms: number): void => {
      for (let left = ms; left > 0; left -= 100) speak(silence(Math.min(100, left), RATE_HZ));
    },
    /** Silence that is not. */
    skip: (ms: number): void => {
      sendRest();
      atMs += ms;
    },
    flush: (): void => {
      sendRest();
      stream.flush();
    },
    close: (): Promise<void> => {
      sendRest();
      return stream.close();
    },
  };
};
const BYTES_PER_MS = (RATE_HZ / 1000) * 2;
const LONGEST_PIECE = 250 * BYTES_PER_MS;

/** Waits until as many final words as were said have come, or more. */
export const untilHeard = (heard: Listener, said: readonly unknown[]): Promise<true> =>
  until(() => heard.finals().length >= said.length, { what: 'the last final', everyMs: 5 });
