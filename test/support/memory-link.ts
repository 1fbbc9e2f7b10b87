import { Duplex } from 'node:stream';

/**
 * A duplex connection within this process; `accept` receives its other end. Writes arrive by the next turn of the event
 * loop, so that a protocol over it works in virtual time. As with a socket, an end that does not read delays the other’s
 * writes, and when one end is destroyed, so is the other.
 */
export const linkTo = (accept: (socket: Duplex) => void): Duplex => {
  const near = new End();
  const far = new End();
  near.peer = far;
  far.peer = near;
  accept(far);
  return near;
};

class End extends Duplex {
  peer: End | null = null;
  /** Completes the peer’s write that waits until this end reads. */
  #onRead: (() => void) | null = null;

  override _read(): void {
    const onRead = this.#onRead;
    this.#onRead = null;
    onRead?.();
  }

  override _write(chunk: Buffer, _encoding: string, written: () => void): void {
    this.#send([chunk], written);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], written: () => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      written,
    );
  }

  override _final(done: () => void): void {
    const { peer } = this;
    process.nextTick(() => peer!.push(null));
    done();
  }

  override _destroy(_error: Error | null, done: (error: null) => void): void {
    const { peer } = this;
    // What was written before arrives before the end.
    setImmediate(() => peer!.destroy());
    done(null);
  }

  /** In the next tick, so that neither end runs in the middle of the other’s work. */
  #send(chunks: readonly Buffer[], written: () => void): void {
    const { peer } = this;
    process.nextTick(() => peer!.#receive(chunks, written));
  }

  #receive(chunks: readonly Buffer[], written: () => void): void {
    const isReading = chunks.map((chunk) => this.destroyed || chunk.length === 0 || this.push(chunk));
    if (isReading.every(Boolean)) written();
    else this.#onRead = written;
  }
}
