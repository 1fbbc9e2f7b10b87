import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import {
  type CountedWords,
  countedWords,
  createToneReader,
  toneWordsInText,
  WORDS_PER_MICROPHONE,
  wordStartMs,
  writeToneWav,
} from '../../support/tone-audio.ts';
import { until } from '../../support/until.ts';
import {
  browserWithMicrophone,
  captionsIn,
  joinMeeting,
  linkFor,
  meet,
  type SpokenParagraph,
  textOfSpeaker,
  transcriptOf,
} from './meeting.ts';
import { type MeetingProgram, startMeetingProgram } from './meeting-program.ts';
import { createNetwork, type Network } from './network.ts';

/** Ana, Ben and Yuki count, each in a browser of their own and from a number of their own. */
const FIRST_WORDS = [0, 1_000, 2_000] as const;
export const PEOPLE = [0, 1, 2] as const;
/** A sentence of a microphone’s recording with the pause after it. */
export const SENTENCE = 6;

/** A meeting of the three, all of them unmuted. */
export interface CountingMeeting {
  readonly card: StoredMessage;
  readonly pages: readonly Page[];
  /** Between Ben’s browser and Parley. */
  readonly network: Network;
  /** Waits until the engine has transcribed so many more words of one person. */
  nextWords(who: number, count: number): Promise<unknown>;
  /** A sentence more of everyone. */
  nextSentences(): Promise<unknown>;
  /** Waits until so much of one person’s recording has been transcribed: time by the media, not by a clock. */
  transcribedMs(who: number, ms: number): Promise<unknown>;
  /** All words of one person that the engine transcribed, in order. */
  transcribedWords(who: number): number[];
  /** The newest word of each person that the engine transcribed. */
  newestWords(): number[];
  /** Of each person on every page and in the thread, once those show `upTo` of everyone. */
  shownEverywhere(upTo: readonly number[]): Promise<readonly (readonly CountedWords[])[]>;
  /** @throws when a word is there twice, or out of order */
  countedBy(who: number, paragraphs: readonly SpokenParagraph[]): CountedWords;
  close(): Promise<void>;
}

export interface CountingMeetings {
  readonly program: MeetingProgram;
  /** @param initScript runs in every page before its own scripts */
  open(initScript: string): Promise<CountingMeeting>;
  close(): Promise<void>;
}

/** The whole program with three browsers, and a scripted engine that reads words exactly. */
export const openCountingMeetings = async (): Promise<CountingMeetings> => {
  const { directory, remove } = temporaryDirectory();
  const engine = await startScriptedEngine({
    apiKey: 'the-key-of-this-test',
    liveWords: createToneReader,
  });
  const [program, ...browsers] = await Promise.all([
    startMeetingProgram({ DEEPGRAM_API_KEY: engine.apiKey, DEEPGRAM_URL: engine.url }),
    ...FIRST_WORDS.map(async (first) => {
      const file = path.join(directory, `from-${first}.wav`);
      await writeToneWav(file, first);
      return browserWithMicrophone(file);
    }),
  ]);
  let meetings = 0;
  return {
    program,
    open(initScript) {
      meetings += 1;
      return openMeeting({ program, browsers, engine, title: `Counting ${meetings}`, initScript });
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await program.stop();
      await engine.close();
      remove();
    },
  };
};

const openMeeting = async ({
  program,
  browsers,
  engine,
  title,
  initScript,
}: {
  readonly program: MeetingProgram;
  readonly browsers: readonly Browser[];
  readonly engine: ScriptedEngine;
  readonly title: string;
  readonly initScript: string;
}): Promise<CountingMeeting> => {
  const { workspace, channel, people } = program;
  /** Those of earlier meetings do not count: every microphone starts again. */
  const earlierStreams = engine.live.streams.length;
  const wordsOf = (who: number): number[] =>
    engine.live.streams
      .slice(earlierStreams)
      .flatMap(({ markers }) => markers)
      .filter((word) => word >= FIRST_WORDS[who]! && word < FIRST_WORDS[who]! + WORDS_PER_MICROPHONE)
      .sort((a, b) => a - b);
  const newestOf = (who: number): number => wordsOf(who).at(-1) ?? 0;

  const network = createNetwork();
  const card = await meet(workspace, { channel, as: people[0].id, title });
  const pages: Page[] = [];
  for (const who of PEOPLE) {
    const link = await linkFor(workspace, card, people[who].id);
    pages.push(await joinMeeting(browsers[who]!, link, { initScript, ...(who === 1 ? { network } : {}) }));
  }

  const countedBy = (who: number, paragraphs: readonly SpokenParagraph[]): CountedWords =>
    countedWords(toneWordsInText(textOfSpeaker(paragraphs, people[who]!.name)), FIRST_WORDS[who]!);
  const nextWords = (who: number, count: number): Promise<unknown> => {
    const newest = newestOf(who);
    return until(() => wordsOf(who).filter((word) => word > newest).length >= count, {
      timeoutMs: 120_000,
      what: `${count} more words of person ${who}`,
    });
  };
  return {
    card,
    pages,
    network,
    nextWords,
    nextSentences: () => Promise.all(PEOPLE.map((who) => nextWords(who, SENTENCE))),
    transcribedMs(who, ms) {
      const atMs = (): number => wordStartMs((wordsOf(who).at(-1) ?? FIRST_WORDS[who]!) - FIRST_WORDS[who]!);
      const fromMs = atMs();
      return until(() => atMs() - fromMs >= ms, { timeoutMs: 120_000, what: `${ms} ms of person ${who}` });
    },
    transcribedWords: wordsOf,
    newestWords: () => PEOPLE.map(newestOf),
    async shownEverywhere(upTo) {
      const complete = (read: () => Promise<readonly SpokenParagraph[]>): Promise<readonly CountedWords[]> =>
        until(
          async () => {
            const paragraphs = await read();
            const counted = PEOPLE.map((who) => countedBy(who, paragraphs));
            return counted.every(({ words }, who) => (words.at(-1) ?? 0) >= upTo[who]!) && counted;
          },
          { timeoutMs: 120_000, what: `captions up to ${upTo.join(', ')}` },
        );
      return Promise.all([
        ...pages.map((page) => complete(() => transcriptOf(page))),
        complete(() => captionsIn(workspace, card)),
      ]);
    },
    countedBy,
    async close() {
      await Promise.all(browsers.flatMap((each) => each.contexts()).map((context) => context.close()));
      await network.close();
    },
  };
};

/** Gaps of more than one word. A busy machine damages single words, which then cannot be read. */
export const interruptionsIn = ({ gaps }: CountedWords): CountedWords['gaps'] =>
  gaps.filter(({ after, before }) => before - after > 2);

/** Ids of the audio tracks that a page plays now. */
export const playingTracks = (page: Page): Promise<string[]> =>
  page.evaluate(
    `[...document.querySelectorAll('audio')].filter(({ paused }) => !paused)
      .flatMap(({ srcObject }) => srcObject?.getAudioTracks() ?? [])
      .filter(({ muted, readyState }) => !muted && readyState === 'live').map(({ id }) => id)`,
  );

/** Runs in a page, before its scripts: counts its peer connections. */
export const COUNT_CONNECTIONS = `
  window.connectionsMade = 0;
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(...options) {
      super(...options);
      window.connectionsMade += 1;
    }
  };`;
export const connectionsMade = (page: Page): Promise<number> => page.evaluate('window.connectionsMade');
