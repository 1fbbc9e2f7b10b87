import type { LiveOptions } from '../../core/ports.ts';
import { type Connection, type ConnectionListener, openConnection } from './connection.ts';
import type { ReplayBuffer } from './replay-buffer.ts';
import type { SharedParts } from './shared.ts';
import { type Asked, liveUrl } from './wire.ts';

/** One connection, and how far the replay buffer has been sent on it. */
export class Transmission {
  /** The position of its first sample, from which the engine counts its seconds. */
  readonly base: number;
  readonly #connection: Connection;
  readonly #buffer: ReplayBuffer;
  /** The number of the next item to send. */
  #next: number;
  #sent: number;
  #toldPause = 0;
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

  /** The last position at which the engine was told that the speaker paused. */
  get toldPause(): number {
    return this.#toldPause;
  }

  /** Sends what is buffered, as far as the connection takes it. Returns the number of samples. */
  send(): number {
    let samples = 0;
    if (!this.isOpen) return samples;
    for (let item = this.#buffer.item(this.#next); item !== null; item = this.#buffer.item(this.#next)) {
      if (!this.#connection.isWritable) return samples;
      this.#next += 1;
      const { bytes, end, position } = this.#buffer.from(item, this.base);
      if (bytes === null) this.#tellPause(end);
      else this.#connection.sendAudio(bytes);
      samples += end - position;
      this.#sent = end;
    }
    return samples;
  }

  #tellPause(position: number): void {
    this.#connection.finalize();
    this.#toldPause = position;
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

export const bytesPerSample = ({ encoding }: LiveOptions['audio']): number =>
  encoding === 'linear16' ? 2 : 1;

/** Opens a connection on which the buffer is sent from this position on. */
export const openTransmission = (
  { asked, patience }: { readonly asked: Asked; readonly patience: number },
  { buffer, from }: { readonly buffer: ReplayBuffer; readonly from: number },
  listener: ConnectionListener,
  { apiKey, baseUrl, clock, createConnection, timings }: SharedParts,
): Transmission => {
  const { audio } = asked.live;
  const connection = openConnection(
    {
      url: liveUrl(baseUrl, asked),
      apiKey,
      bytesPerSecond: audio.sampleRateHz * bytesPerSample(audio),
      patience,
      timings,
      createConnection,
      clock,
    },
    listener,
  );
  return new Transmission(connection, buffer, from);
};
