import { expect } from 'vitest';
import type { PhoneBehaviour } from '../../../sandbox/phones/control/contract.ts';
import type { StoredMessage } from '../../../sandbox/slack/control/contract.ts';
import { toneWordsInText } from '../../support/tone-audio.ts';
import { until } from '../../support/until.ts';
import { type CallRequest, call, cardSaying } from './call.ts';
import { type CallStage, RECORDED_TEXT } from './call-stage.ts';
import { captionsIn } from './meeting.ts';
import { saveToneWords, toneWordsAt8kHz } from './phones.ts';
import { shownText } from './workspace.ts';

/** On the card once the recording is transcribed. */
export const DELETED = /The recording was deleted\./;

/** Samples of tone words: no word is in two of them. */
interface Samples {
  /** Words 0 to 5 and 6 to 11, about 3.5 s each. */
  readonly low: readonly [string, string];
  /** Words 1000 to 1005 and 1006 to 1011. */
  readonly high: readonly [string, string];
  /** Words 500 and 501. */
  readonly short: string;
}

/** Calls between people and phones of one stage. */
export interface StagedCalls {
  readonly samples: Samples;
  /** A phone with a number of its own. */
  addPhone(behaviour: PhoneBehaviour): Promise<string>;
  requestTo(number: string, from?: CallRequest['from']): CallRequest;
  /** Calls from the first person in the first channel. Resolves with the card. */
  dial(number: string, from?: CallRequest['from']): Promise<StoredMessage>;
  /** The card once it shows `part`. */
  onceShows(card: StoredMessage, part: string | RegExp, timeoutMs?: number): Promise<StoredMessage>;
  /** The text of the result in the card’s thread. */
  resultOf(card: StoredMessage): Promise<string>;
  /** Waits until the phone has sent this tone word. */
  sent(number: string, word: number): Promise<unknown>;
  /** Waits until the thread has so many tone words as captions. */
  captioned(card: StoredMessage, words: number): Promise<unknown>;
  /** Waits until the phone has received `enough` of these tone words; default most of them. */
  received(number: string, words: readonly number[], enough?: number): Promise<unknown>;
  /** Hangs the phone up once its call is recorded and it has sent this tone word. */
  hangsUpAfter(number: string, word: number): Promise<void>;
  /** Waits for the end of a call that was answered once: one result, and no recording left. */
  endsWell(card: StoredMessage, number: string): Promise<void>;
}

/** Audio that a busy machine delivers late has a gap, and the word around the gap cannot be read. */
const MOST_OF = 0.6;

export const answering = (
  turns: readonly string[],
  more: Partial<Extract<PhoneBehaviour, { type: 'answer' }>> = {},
): PhoneBehaviour => ({ type: 'answer', afterMs: 100, turns, hangsUp: false, ...more });

export const openStagedCalls = async (stage: CallStage): Promise<StagedCalls> => {
  const { phones, workspace, channels, people } = stage;
  const sample = (first: number, count: number): Promise<string> => saveToneWords(phones, first, count);
  const samples: Samples = {
    low: [await sample(0, 6), await sample(6, 6)],
    high: [await sample(1_000, 6), await sample(1_006, 6)],
    short: await sample(500, 2),
  };
  let numbers = 300;

  const calls: StagedCalls = {
    samples,
    async addPhone(behaviour) {
      numbers += 1;
      const number = `+442079460${numbers}`;
      await phones.set(number, behaviour);
      return number;
    },
    requestTo: (to, from = 'browser') => ({
      channel: channels[0],
      as: people[0].id,
      to,
      topic: `Topic ${to.slice(-3)}`,
      from,
    }),
    dial: (number, from) => call(workspace, calls.requestTo(number, from)),
    onceShows: (card, part, timeoutMs) => cardSaying(workspace, card, part, timeoutMs),
    resultOf: async (card) => shownText((await workspace.results(card.channel, card.ts))[0]!),
    sent: (number, word) =>
      until(async () => toneWordsAt8kHz(await phones.sent(number)).includes(word), {
        timeoutMs: 120_000,
        everyMs: 200,
        what: `word ${word} of ${number}`,
      }),
    captioned: (card, words) =>
      until(
        async () =>
          (await captionsIn(workspace, card)).flatMap(({ text }) => toneWordsInText(text)).length >= words,
        { timeoutMs: 120_000, what: `${words} words in the thread` },
      ),
    received: (number, words, enough = MOST_OF * words.length) =>
      until(
        async () => {
          const read = toneWordsAt8kHz(await phones.received(number));
          if (words.filter((word) => read.includes(word)).length >= enough) return true;
          throw new Error(`${number} received ${read.join(' ')}`);
        },
        { timeoutMs: 120_000, everyMs: 500, what: `${words.join(' ')} received by ${number}` },
      ),
    async hangsUpAfter(number, word) {
      await until(
        async () => {
          const [placed] = await stage.callsTo(number);
          return placed !== undefined && (await stage.recordingsOf(placed)).length > 0;
        },
        { what: `a recording of the call to ${number}` },
      );
      await calls.sent(number, word);
      await phones.hangUp(number);
    },
    async endsWell(card, number) {
      await calls.onceShows(card, /Ended · \d/, 120_000);
      expect(await calls.resultOf(card)).toContain(RECORDED_TEXT);
      await calls.onceShows(card, DELETED, 120_000);
      const placed = await stage.callsTo(number);
      expect(placed).toHaveLength(1);
      expect(await stage.recordingsOf(placed[0]!)).toEqual([]);
      expect(await workspace.results(card.channel, card.ts)).toHaveLength(1);
    },
  };
  return calls;
};
