/**
 * How far the time of a piece may be from the one that follows from the pieces before. Less is jitter of the timestamps;
 * more is silence that was not sent, or clock drift, and a new span begins.
 */
const JITTER_MS = 20;

interface Span {
  readonly position: number;
  readonly atMs: number;
}

/** Maps positions of a stream, which have no silence between pieces, to conversation time. */
export class Timeline {
  readonly #samplesPerMs: number;
  readonly #spans: Span[] = [];

  constructor(sampleRateHz: number) {
    this.#samplesPerMs = sampleRateHz / 1000;
  }

  /** The sample at `position`, and those that follow it, begin at `atMs`. In order. */
  add(position: number, atMs: number): void {
    const last = this.#spans.at(-1);
    if (last !== undefined && Math.abs(this.#timeIn(last, position) - atMs) <= JITTER_MS) return;
    this.#spans.push({ position, atMs });
  }

  /**
   * The times of a word. The engine does not know of silence that was not sent, and a word may begin before it and end
   * after it; it is put on the side where most of it lies.
   */
  timesOf(start: number, end: number): { readonly startMs: number; readonly endMs: number } {
    const index = this.#indexAt((start + end) / 2);
    const span = this.#spans[index];
    if (span === undefined) return { startMs: 0, endMs: 0 };
    const spanEnd = this.#spans[index + 1]?.position ?? Number.POSITIVE_INFINITY;
    const within = (position: number): number => Math.min(spanEnd, Math.max(span.position, position));
    return {
      startMs: Math.round(this.#timeIn(span, within(start))),
      endMs: Math.round(this.#timeIn(span, within(end))),
    };
  }

  /** Removes what is only needed for positions before this one. */
  forgetBefore(position: number): void {
    this.#spans.splice(0, this.#indexAt(position));
  }

  #indexAt(position: number): number {
    let index = this.#spans.length - 1;
    while (index > 0 && this.#spans[index]!.position > position) index -= 1;
    return Math.max(0, index);
  }

  #timeIn(span: Span, position: number): number {
    return span.atMs + (position - span.position) / this.#samplesPerMs;
  }
}
