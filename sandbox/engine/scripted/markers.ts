/**
 * Words that can be read exactly: a marker is 100 ms of audio that encodes a number. It starts with a pattern that
 * silence does not contain, and one wrong sample makes it invalid. Loss, duplication and cuts are thus exact counts.
 */
const MARKER_MS = 100;

/** The first samples of every marker. */
const BEGINNING = [32_000, -32_000, 31_111, -30_303] as const;
/** Then the number in two parts of 15 bits, and a checksum. */
const HEADER = BEGINNING.length + 3;
const CHECK = 0x2a5a;
const MOST = 2 ** 30;

const markerSamples = (sampleRateHz: number): number => Math.floor((sampleRateHz * MARKER_MS) / 1000);

/** The sample at `index` of the marker with this number. */
const sampleOf = (number: number, index: number): number => {
  const [high, low] = [number >> 15, number & 0x7fff];
  if (index < BEGINNING.length) return BEGINNING[index]!;
  if (index < HEADER) return [high, low, high ^ low ^ CHECK][index - BEGINNING.length]!;
  return index % 2 === 0 ? 1_000 : -1_000;
};

/** 100 ms of linear16 that encode `number`, an integer below 2^30. */
export const markerWord = (number: number, sampleRateHz: number): Buffer => {
  if (!Number.isInteger(number) || number < 0 || number >= MOST)
    throw new RangeError('not a marker’s number');
  const samples = markerSamples(sampleRateHz);
  const bytes = Buffer.alloc(samples * 2);
  for (let i = 0; i < samples; i += 1) bytes.writeInt16LE(sampleOf(number, i), i * 2);
  return bytes;
};

/** Silent linear16. */
export const silence = (ms: number, sampleRateHz: number): Buffer =>
  Buffer.alloc(Math.round((sampleRateHz * ms) / 1000) * 2);

/** A word that was read whole, with its position in samples of the stream. */
export interface SpokenMarker {
  readonly number: number;
  readonly start: number;
  readonly end: number;
}

/** Reads numbered words from a stream, wherever its messages are cut. */
export interface WordReader {
  readonly readSamples: number;
  /** Samples of silence since the last audio. */
  readonly silentSamples: number;
  /** Pieces of audio that were not a whole word. */
  readonly damaged: number;
  /** The words that end within these bytes. */
  read(bytes: Buffer): SpokenMarker[];
}

/** Reads markers sample by sample. */
export class MarkerReader implements WordReader {
  readonly #length: number;
  #read = 0;
  /** Samples of the current marker so far; 0 between markers. */
  #index = 0;
  #high = 0;
  #low = 0;
  #quiet = 0;
  damaged = 0;
  #inDamage = false;

  constructor(sampleRateHz: number) {
    this.#length = markerSamples(sampleRateHz);
  }

  get readSamples(): number {
    return this.#read;
  }

  get silentSamples(): number {
    return this.#quiet;
  }

  read(bytes: Buffer): SpokenMarker[] {
    const found: SpokenMarker[] = [];
    for (let at = 0; at + 1 < bytes.length; at += 2) {
      const whole = this.#step(bytes.readInt16LE(at));
      if (whole !== null) found.push(whole);
    }
    return found;
  }

  #step(sample: number): SpokenMarker | null {
    this.#read += 1;
    this.#quiet = sample === 0 ? this.#quiet + 1 : 0;
    if (!this.#fits(sample)) {
      this.#damage(sample);
      this.#index = sample === BEGINNING[0] ? 1 : 0;
      return null;
    }
    this.#index += 1;
    this.#inDamage = false;
    if (this.#index < this.#length) return null;
    this.#index = 0;
    return { number: this.#high * 0x8000 + this.#low, start: this.#read - this.#length, end: this.#read };
  }

  #fits(sample: number): boolean {
    const place = this.#index - BEGINNING.length;
    if (place === 0) this.#high = sample;
    else if (place === 1) this.#low = sample;
    else return sample === sampleOf(this.#high * 0x8000 + this.#low, this.#index);
    return sample >= 0;
  }

  /** Counts once per piece of audio, however long. */
  #damage(sample: number): void {
    const broken = this.#index > 0 || sample !== 0;
    if (broken && sample !== BEGINNING[0] && !this.#inDamage) this.damaged += 1;
    if (broken) this.#inDamage = true;
    if (sample === 0) this.#inDamage = false;
  }
}
