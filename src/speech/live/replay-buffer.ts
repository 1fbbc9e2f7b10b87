/** Audio, or the mark of a pause. Positions count the samples of the stream. */
export interface ReplayItem {
  readonly position: number;
  readonly end: number;
  /** When it was added, on the monotonic clock. */
  readonly addedMs: number;
  /** Null for the mark. */
  readonly bytes: Buffer | null;
}

/**
 * The audio of one speaker that is not final yet, to be sent again on another connection. Positions count samples from
 * the stream's first one, without the silence between pieces.
 */
export class ReplayBuffer {
  readonly #bytesPerSample: number;
  readonly #items: ReplayItem[] = [];
  /** The number of the first buffered item; items are numbered from the stream's first one. */
  #firstNumber = 0;
  #end = 0;

  constructor(bytesPerSample: number) {
    this.#bytesPerSample = bytesPerSample;
  }

  get firstNumber(): number {
    return this.#firstNumber;
  }

  /** The position after the last sample that was added. */
  get end(): number {
    return this.#end;
  }

  /** The position of the first buffered sample. */
  get start(): number {
    return this.#items[0]?.position ?? this.#end;
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }

  /** Adds a copy and returns the position of its first sample. Half a sample at the end is dropped. */
  add(audio: Uint8Array, addedMs: number): number {
    const samples = Math.floor(audio.length / this.#bytesPerSample);
    const position = this.#end;
    if (samples === 0) return position;
    this.#end += samples;
    // Decoders reuse their memory for the next piece.
    const bytes = Buffer.from(audio.subarray(0, samples * this.#bytesPerSample));
    this.#items.push({ position, end: this.#end, addedMs, bytes });
    return position;
  }

  /** Marks a pause of the speaker. Idempotent, and nothing while the buffer is empty. */
  mark(): void {
    const last = this.#items.at(-1);
    if (last === undefined || last.bytes === null) return;
    this.#items.push({ position: this.#end, end: this.#end, addedMs: last.addedMs, bytes: null });
  }

  /** The audio from `position` on. */
  audioFrom(position: number): readonly Buffer[] {
    return this.#items
      .filter(({ end }) => end > position)
      .flatMap((item) => this.from(item, position).bytes ?? []);
  }

  /** The number of the item at `position`, or of the next one that will be added. */
  numberAt(position: number): number {
    const index = this.#items.findIndex((item) => item.end > position);
    return this.#firstNumber + (index < 0 ? this.#items.length : index);
  }

  /** Null when it has not been added yet. */
  item(number: number): ReplayItem | null {
    return this.#items[number - this.#firstNumber] ?? null;
  }

  /** When the sample at `position`, or the last one before it, was added; null when it is not buffered. */
  addedMs(position: number): number | null {
    return this.item(this.numberAt(Math.min(position, this.#end - 1)))?.addedMs ?? null;
  }

  /** The part of an item from `position` on. */
  from(item: ReplayItem, position: number): ReplayItem {
    if (item.bytes === null || position <= item.position) return item;
    const bytes = item.bytes.subarray((position - item.position) * this.#bytesPerSample);
    return { ...item, position, bytes };
  }

  /** Removes the items that lie wholly before `position`. */
  forgetBefore(position: number): void {
    const kept = this.#items.findIndex((item) => item.end > position);
    const count = kept < 0 ? this.#items.length : kept;
    this.#items.splice(0, count);
    this.#firstNumber += count;
  }
}
