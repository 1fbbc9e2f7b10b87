import { setTimeout as wait } from 'node:timers/promises';
import {
  type LiveFault,
  type ScriptedEngine,
  startScriptedEngine,
} from '../sandbox/engine/scripted/index.ts';
import { systemClock } from '../src/clock.ts';
import { createLiveSpeech, type LiveSpeech } from '../src/speech/live/index.ts';
import { listener, speaker } from '../test/speech/live/support.ts';
import { type BenchResult, isShort, quantile } from './result.ts';

/**
 * How long captions are interrupted when a connection to the engine breaks while someone speaks: from the break to the
 * first caption with a word that the broken connection did not receive. Speech is in real time, with Parley's own waits.
 * For comparison, the time to the first caption of a new speaker. As at Deepgram, the engine sends results once a second
 * of audio, and hears what is sent again 1.25 times as fast as it was said.
 */
export const name = 'captions go on after a break';

const SPEAKERS = 12;
const WORD_MS = 100;
/** As people do, who then get a final. */
const PAUSE_AFTER_WORDS = 15;
const PAUSE_MS = 400;
/** How much audio a connection receives before it breaks, at random; more than what is replayed on it. */
const BREAK_AFTER_MS = { least: 3_000, more: 3_000 };
/** Each speaker has its own range of words, which identifies the engine's streams. */
const NUMBERS = 100_000;

export const run = async (): Promise<readonly BenchResult[]> => {
  const wordsEach = isShort() ? 60 : 300;
  const killed = await measure('kill', wordsEach);
  const silent = await measure('half-open', wordsEach);
  const firstMs = quantile([...killed.firstMs, ...silent.firstMs], 0.5);
  const all = [...killed.resumedMs, ...silent.resumedMs];
  return [
    { figure: 'the first caption of a stream, p50', value: firstMs, unit: 'ms' },
    ...show(`${killed.resumedMs.length} connections cut`, killed.resumedMs, firstMs),
    ...show(`${silent.resumedMs.length} gone without a word`, silent.resumedMs, firstMs),
    { figure: 'all breaks, p95', value: quantile(all, 0.95), unit: 'ms', goal: { atMost: 3_500 } },
    {
      figure: 'words lost or doubled',
      value: killed.wrong + silent.wrong,
      unit: '',
      goal: { atMost: 0 },
    },
  ];
};

const show = (figure: string, resumedMs: readonly number[], firstMs: number): BenchResult[] => [
  { figure: `${figure}, p50`, value: quantile(resumedMs, 0.5), unit: 'ms' },
  { figure: `${figure}, p95`, value: quantile(resumedMs, 0.95), unit: 'ms' },
  { figure: `${figure}, p50 over a first caption`, value: quantile(resumedMs, 0.5) / firstMs, unit: 'times' },
];

interface Measured {
  readonly resumedMs: readonly number[];
  readonly firstMs: readonly number[];
  readonly wrong: number;
}

const measure = async (what: LiveFault, wordsEach: number): Promise<Measured> => {
  const engine = await startScriptedEngine();
  engine.live.setFallback(() => ({
    mode: 'transcribe',
    fault: { afterAudioMs: BREAK_AFTER_MS.least + BREAK_AFTER_MS.more * Math.random(), what },
  }));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const speech = createLiveSpeech({ apiKey: engine.apiKey, baseUrl: engine.url, clock: systemClock, log });
  try {
    const people = await Promise.all(
      Array.from({ length: SPEAKERS }, (_, index) => talk(speech, index, wordsEach)),
    );
    return {
      resumedMs: people.flatMap(({ shownMs }, index) => resumeTimes(engine, index, shownMs)),
      firstMs: people.map(({ firstMs }) => firstMs),
      wrong: people.reduce((total, { wrong }) => total + wrong, 0),
    };
  } finally {
    await speech.close();
    await engine.close();
  }
};

/** One speaker counts without a pause, then waits for the last final. */
const talk = async (speech: LiveSpeech, index: number, words: number) => {
  /** When each word was first shown, by its number. */
  const shownMs = new Map<number, number>();
  const captions = listener((caption) => {
    for (const { text } of caption.words) {
      const number = Number(text.slice(1));
      if (!shownMs.has(number)) shownMs.set(number, performance.now());
    }
  });
  const stream = speech.openLive(captions);
  const { say, pause, said: spoken, close } = speaker(stream, { atMs: 0, number: index * NUMBERS });
  // Not all in step.
  await wait((WORD_MS * index) / SPEAKERS);
  const startedMs = performance.now();
  let saidMs = 0;
  const inStep = async (ms: number): Promise<void> => {
    saidMs += ms;
    await wait(Math.max(0, startedMs + saidMs - performance.now()));
  };
  for (let word = 1; word <= words; word += 1) {
    say(1);
    await inStep(WORD_MS);
    if (word % PAUSE_AFTER_WORDS > 0) continue;
    pause(PAUSE_MS);
    await inStep(PAUSE_MS);
  }
  await close();
  const finals = captions.finals().map(({ number }) => number);
  const expected = spoken.map(({ number }) => number);
  const times = (number: number): number => finals.filter((final) => final === number).length;
  return {
    shownMs,
    firstMs: Math.min(...shownMs.values()) - startedMs,
    wrong: expected.filter((number) => times(number) !== 1).length,
  };
};

/** Breaks after a speaker's last word do not count: nothing followed. */
const resumeTimes = (
  engine: ScriptedEngine,
  index: number,
  shownMs: ReadonlyMap<number, number>,
): number[] => {
  let newest = -1;
  return engine.live.streams
    .filter(({ markers }) => markers[0] !== undefined && Math.floor(markers[0] / NUMBERS) === index)
    .flatMap(({ brokenAtMs, markers }) => {
      newest = Math.max(newest, markers.at(-1)!);
      const nextMs = shownMs.get(newest + 1);
      return brokenAtMs === null || nextMs === undefined ? [] : [nextMs - brokenAtMs];
    });
};
