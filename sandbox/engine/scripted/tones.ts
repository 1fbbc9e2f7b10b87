import type { SpokenMarker, WordReader } from './markers.ts';

/**
 * Words that survive microphone processing and codecs, which change every sample: five consecutive pairs of tones
 * encode a number and a checksum. A word is read whole or not at all, so loss and duplication between a real browser and
 * the engine are exact counts.
 */
const SYMBOL_MS = 80;
const SYMBOLS = 5;
export const TONE_WORD_MS = SYMBOL_MS * SYMBOLS;
/** Numbers are below this: three symbols of fifteen values. */
export const TONE_WORDS = 15 ** 3;

/** In the range of voices, for codecs and voice gates; far enough apart to be distinguished within 30 ms. */
const LOW_HZ = [500, 650, 800, 950] as const;
const HIGH_HZ = [1_300, 1_550, 1_800, 2_050] as const;
/** The first symbol of every word. */
const BEGINNING = 15;

/** No symbol equals the one before it, so that each ends where the next starts. */
const symbolsOf = (number: number): number[] => {
  const digits = [Math.floor(number / 225), Math.floor(number / 15) % 15, number % 15];
  const check = (digits[0]! * 3 + digits[1]! * 5 + digits[2]! * 7 + 1) % 15;
  const symbols = [BEGINNING];
  for (const digit of [...digits, check]) symbols.push(digit < symbols.at(-1)! ? digit : digit + 1);
  return symbols;
};

/** Null for an incomplete or wrong word. */
const numberOf = (symbols: readonly number[]): number | null => {
  if (symbols.length !== SYMBOLS || symbols[0] !== BEGINNING) return null;
  const digits = symbols.slice(1).map((symbol, at) => (symbol < symbols[at]! ? symbol : symbol - 1));
  const number = digits[0]! * 225 + digits[1]! * 15 + digits[2]!;
  return symbolsOf(number).every((symbol, at) => symbol === symbols[at]) ? number : null;
};

/** 400 ms of linear16 that encode `number`. */
export const toneWord = (number: number, sampleRateHz: number): Buffer => {
  if (!Number.isInteger(number) || number < 0 || number >= TONE_WORDS) throw new RangeError('no tone word');
  const symbols = symbolsOf(number);
  const length = Math.round((sampleRateHz * SYMBOL_MS) / 1_000);
  const bytes = Buffer.alloc(length * SYMBOLS * 2);
  for (let i = 0; i < length * SYMBOLS; i += 1) {
    const symbol = symbols[Math.floor(i / length)]!;
    const turns = (hz: number): number => (2 * Math.PI * hz * i) / sampleRateHz;
    const wave = Math.sin(turns(LOW_HZ[symbol >> 2]!)) + Math.sin(turns(HIGH_HZ[symbol & 3]!));
    bytes.writeInt16LE(Math.round(wave * 5_000), i * 2);
  }
  return bytes;
};

const HOP_MS = 10;
const WINDOW_HOPS = 3;
/** A symbol lasts at least this long; less is the transition between two. */
const LEAST_HOPS = 3;
/** Below this level (of full scale) is silence; after so much of it, the word is over. */
const QUIET_RMS = 0.004;
const QUIET_HOPS = 4;
/** The share of the power in both tones together, and in the weaker one. */
const CLEAR = 0.5;
const WEAKER = 0.06;

/** Reads tone words from a stream of linear16. */
export class ToneReader implements WordReader {
  readonly #sampleRateHz: number;
  readonly #hop: number;
  readonly #window: Float64Array;
  #filled = 0;
  #read = 0;
  #quietHops = 0;
  #symbols: number[] = [];
  #last: number | null = null;
  #run = 0;
  #start = 0;
  #end = 0;
  damaged = 0;

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz;
    this.#hop = Math.round((sampleRateHz * HOP_MS) / 1_000);
    this.#window = new Float64Array(this.#hop * WINDOW_HOPS);
  }

  get readSamples(): number {
    return this.#read;
  }

  get silentSamples(): number {
    return this.#quietHops * this.#hop;
  }

  read(bytes: Buffer): SpokenMarker[] {
    const found: SpokenMarker[] = [];
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      this.#window[this.#window.length - this.#hop + this.#filled] = bytes.readInt16LE(at) / 32_768;
      this.#filled += 1;
      this.#read += 1;
      if (this.#filled < this.#hop) continue;
      const word = this.#step();
      if (word !== null) found.push(word);
      this.#filled = 0;
      this.#window.copyWithin(0, this.#hop);
    }
    return found;
  }

  /** Evaluates the newest 30 ms. */
  #step(): SpokenMarker | null {
    const newest = this.#window.subarray(this.#window.length - this.#hop);
    const isQuiet = Math.sqrt(powerOf(newest)) < QUIET_RMS;
    this.#quietHops = isQuiet ? this.#quietHops + 1 : 0;
    if (isQuiet) return this.#quietHops === QUIET_HOPS ? this.#finish() : null;
    if (this.#symbols.length === 0 && this.#run === 0) this.#start = this.#read - this.#hop;
    this.#end = this.#read;
    const symbol = this.#symbol();
    if (symbol === null) return null;
    this.#run = symbol === this.#last ? this.#run + 1 : 1;
    this.#last = symbol;
    if (this.#run === LEAST_HOPS && this.#symbols.at(-1) !== symbol) this.#symbols.push(symbol);
    return null;
  }

  #finish(): SpokenMarker | null {
    const symbols = this.#symbols;
    this.#symbols = [];
    this.#last = null;
    this.#run = 0;
    if (symbols.length === 0) return null;
    const number = numberOf(symbols);
    if (number === null) this.damaged += 1;
    return number === null ? null : { number, start: this.#start, end: this.#end };
  }

  #symbol(): number | null {
    const whole = powerOf(this.#window);
    const [low, high] = [LOW_HZ, HIGH_HZ].map((tones) => {
      const powers = tones.map((hz) => this.#powerAt(hz) / whole);
      const strongest = Math.max(...powers);
      return { index: powers.indexOf(strongest), share: strongest };
    }) as [Loudest, Loudest];
    if (low.share + high.share < CLEAR || Math.min(low.share, high.share) < WEAKER) return null;
    return low.index * 4 + high.index;
  }

  /** The power of one tone within the window (Goertzel's algorithm). */
  #powerAt(hz: number): number {
    const turn = 2 * Math.cos((2 * Math.PI * hz) / this.#sampleRateHz);
    let [before, now] = [0, 0];
    for (const sample of this.#window) [before, now] = [now, sample + turn * now - before];
    const length = this.#window.length;
    return (2 * (now * now + before * before - turn * now * before)) / (length * length);
  }
}

interface Loudest {
  readonly index: number;
  readonly share: number;
}

const powerOf = (samples: Float64Array): number =>
  samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
