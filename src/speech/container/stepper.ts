/** What to do with the element whose header is given. Null when more of the header is needed. */
type Step =
  | null
  /** Pass on so many bytes, the header's among them. */
  | { readonly pass: number }
  /** Keep so many bytes, which may then be changed, and pass them on. */
  | { readonly keep: number; readonly use: (bytes: Buffer) => void };

/** No header is longer. */
const MAX_HEADER_BYTES = 16;

/** Walks over the elements of a file whose bytes come in pieces, and passes them on. */
export class Stepper {
  readonly #decide: (header: Buffer) => Step;
  #held: Buffer = Buffer.alloc(0);
  #passing = 0;
  #keeping: { readonly bytes: number; readonly use: (bytes: Buffer) => void } | null = null;
  /** Chunks of the element that is kept, so that they are joined once. */
  #kept: Buffer[] = [];
  #keptBytes = 0;

  constructor(decide: (header: Buffer) => Step) {
    this.#decide = decide;
  }

  /** Whether the bytes so far end within an element of known size. */
  get isCutOff(): boolean {
    return this.#keeping !== null || (this.#passing > 0 && Number.isFinite(this.#passing));
  }

  push(chunk: Uint8Array): Buffer {
    const out: Buffer[] = [];
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.#held.length > 0) {
      rest = Buffer.concat([this.#held, rest]);
      this.#held = Buffer.alloc(0);
    }
    while (rest.length > 0) {
      if (this.#passing > 0) {
        const passed = rest.subarray(0, Math.min(this.#passing, rest.length));
        out.push(passed);
        this.#passing -= passed.length;
        rest = rest.subarray(passed.length);
      } else if (this.#keeping !== null) {
        rest = this.#keep(rest, out);
      } else {
        const step = this.#decide(rest.subarray(0, MAX_HEADER_BYTES));
        if (step === null && rest.length < MAX_HEADER_BYTES) {
          this.#held = rest;
          break;
        }
        // What is no element is passed on to the end.
        if (step === null || ('pass' in step && !(step.pass > 0))) this.#passing = Number.POSITIVE_INFINITY;
        else if ('pass' in step) this.#passing = step.pass;
        else this.#keeping = { bytes: step.keep, use: step.use };
      }
    }
    return out.length === 1 ? out[0]! : Buffer.concat(out);
  }

  flush(): Buffer {
    return Buffer.concat([...this.#kept, this.#held]);
  }

  #keep(rest: Buffer, out: Buffer[]): Buffer {
    const { bytes, use } = this.#keeping!;
    const taken = rest.subarray(0, bytes - this.#keptBytes);
    this.#kept.push(taken);
    this.#keptBytes += taken.length;
    if (this.#keptBytes === bytes) {
      // A copy, since the source's own bytes must not be changed.
      const whole = Buffer.concat(this.#kept);
      try {
        use(whole);
      } catch {
        // A damaged index is the engine's to judge.
      }
      out.push(whole);
      this.#kept = [];
      this.#keptBytes = 0;
      this.#keeping = null;
    }
    return rest.subarray(taken.length);
  }
}
