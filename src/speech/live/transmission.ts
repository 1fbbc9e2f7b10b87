import type { Connection } from './connection.ts';
import type { ReplayBuffer } from './replay-buffer.ts';

/** One connection, and how far the replay buffer has been sent on it. */
export class Transmission {
  /** The position of its first sample, from which the engine counts its seconds. */
  readonly base: number;
  readonly #connection: Connection;
  readonly #buffer: ReplayBuffer;
  /** The number of the next item to send. */
  #next: number;
  #sent: number;
  #finishing = false;

  constructor(connection: Connection, buffer: ReplayBuffer, base: number) {
    this.base = base;
    this.#connection = connection;
    this.#buffer = buffer;
    this.#next = buffer.numberAt(base);
    this.#sent = base;
  }

  /** The position after the last sample that was sent. */
  get sent(): number {
    return this.#sent;
  }

  get isOpen(): boolean {
    return this.#connection.acceptsAudio;
  }

  /** The last finals were requested. */
  get isFinishing(): boolean {
    return this.#finishing;
  }

  /** Nothing is buffered that was not sent. */
  get isComplete(): boolean {
    return this.#buffer.item(this.#next) === null;
  }

  /** Sends what is buffered, as far as the connection takes it. Returns the number of samples. */
  send(): number {
    let samples = 0;
    if (!this.isOpen) return samples;
    for (let item = this.#buffer.item(this.#next); item !== null; item = this.#buffer.item(this.#next)) {
      if (!this.#connection.isWritable) return samples;
      this.#next += 1;
      const { bytes, end, position } = this.#buffer.from(item, this.base);
      if (bytes === null) this.#connection.finalize();
      else this.#connection.sendAudio(bytes);
      samples += end - position;
      this.#sent = end;
    }
    return samples;
  }

  /** Items may leave the buffer unsent: the mark of a pause goes with the audio before it. */
  skipForgotten(): void {
    this.#next = Math.max(this.#next, this.#buffer.firstNumber);
  }

  /** Ends in order, with finals for all that was sent. Does nothing while the connection is not open. */
  finish(): void {
    if (!this.isOpen) return;
    this.#finishing = true;
    this.#connection.finish();
  }

  abandon(): void {
    this.#connection.abandon();
  }
}
