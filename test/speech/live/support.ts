import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { markerWord, silence } from '../../../sandbox/engine/scripted/markers.ts';
import type { LiveProfile } from '../../../sandbox/engine/scripted/profile.ts';
import type { LiveOptions, LiveState, LiveStream, SpeechCaption } from '../../../src/core/ports.ts';
import { createLiveSpeech, type LiveSpeech, type LiveSpeechOptions } from '../../../src/speech/live/index.ts';
import { createVirtualClock, type VirtualClock } from '../../fakes/clock.ts';
import { linkTo } from '../../support/memory-link.ts';
import { recordingLog } from '../support.ts';

export const RATE_HZ = 16_000;

/** Live speech and a scripted engine, connected within this process and on one virtual clock. */
export interface LiveSetup {
  readonly engine: ScriptedEngine;
  readonly clock: VirtualClock;
  readonly log: ReturnType<typeof recordingLog>;
  /** What every speech of this setup has: the engine's URL and key, the way to it, and the clock. */
  readonly options: LiveSpeechOptions & Required<Pick<LiveSpeechOptions, 'createConnection'>>;
  speechWith(options?: Partial<LiveSpeechOptions>): LiveSpeech;
  /** Until as many final words as were said are there, or more. */
  untilFinal(heard: Listener, said: readonly unknown[]): Promise<void>;
  untilLive(condition: (live: ScriptedEngine['live']) => boolean): Promise<void>;
  /** Lets time pass until `work` is done. */
  passing<T>(work: Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export const openLiveSetup = async (profile: Partial<LiveProfile> = {}): Promise<LiveSetup> => {
  const clock = createVirtualClock();
  const log = recordingLog();
  const engine = await startScriptedEngine({ clock, live: profile });
  const open: LiveSpeech[] = [];
  const options = {
    apiKey: engine.apiKey,
    baseUrl: engine.url,
    // In the middle of every range.
    random: () => 0.5,
    createConnection: () => linkTo((socket) => engine.accept(socket)),
    clock,
    log,
  };
  const passing = async <T>(work: Promise<T>): Promise<T> => {
    let done = false;
    const settled = work.finally(() => {
      done = true;
    });
    settled.catch(() => {});
    // Requests go back and forth many times within the process, and a time limit alone would end at once.
    const stopTicking = clock.every(20, () => {});
    await clock.advanceUntil(() => done).finally(stopTicking);
    return settled;
  };
  return {
    engine,
    clock,
    log,
    options,
    speechWith(more) {
      const speech = createLiveSpeech({ ...options, ...more });
      open.push(speech);
      return speech;
    },
    untilFinal: (heard, said) => clock.advanceUntil(() => heard.finals().length >= said.length),
    untilLive: (condition) => clock.advanceUntil(() => condition(engine.live)),
    passing,
    async close() {
      await passing(Promise.all(open.map((speech) => speech.close())));
      await engine.close();
    },
  };
};

/** Remembers what it is notified of. */
export interface Listener extends Pick<LiveOptions, 'kind' | 'audio' | 'onCaption' | 'onState'> {
  readonly captions: SpeechCaption[];
  readonly states: { state: LiveState; lostMs: number }[];
  /** The final words so far: the markers' numbers and their times. */
  readonly finals: () => { number: number; startMs: number; endMs: number }[];
}

export const listener = (onCaption: (caption: SpeechCaption) => void = () => {}): Listener => {
  const captions: SpeechCaption[] = [];
  const states: Listener['states'] = [];
  return {
    kind: 'meeting',
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
 * Says markers, each of which takes 100 ms, and pauses, as soon as the test calls: in pieces of 100 ms, or of `pieceMs`
 * each, which then end anywhere within a word; with timestamps that are late by `jitterMs`.
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
    /** All that was said, as finals should have it. */
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
