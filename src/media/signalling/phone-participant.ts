import { setTimeout as wait } from 'node:timers/promises';
import type { LegAudioOutput, Log } from '../../core/ports.ts';
import type { Phone } from '../phones/phone.ts';

/** How long a telephone waits to be heard again when no worker took it; opening itself waits for workers to come back. */
const RETRY_AFTER_MS = 500;

/**
 * A telephone's side of its place: its line, and its sound in the room, which it takes to another worker by itself
 * when one dies.
 */
export class PhoneConnection {
  readonly legId: string;
  readonly #open: (options: { readonly paused: boolean; readonly lost: () => void }) => Promise<Phone>;
  readonly #play: (line: LegAudioOutput) => () => void;
  readonly #changed: (media: Phone | null) => void;
  readonly #log: Log;
  #line: LegAudioOutput | null = null;
  #stopPlaying: () => void = () => {};
  #media: Phone | null = null;
  #muted = false;
  #closed = false;

  constructor(options: {
    readonly legId: string;
    /** Brings its sound into the room. */
    readonly open: (options: { readonly paused: boolean; readonly lost: () => void }) => Promise<Phone>;
    /** Begins to play to a line what the room says; returns what ends it. */
    readonly play: (line: LegAudioOutput) => () => void;
    readonly changed: (media: Phone | null) => void;
    readonly log: Log;
  }) {
    this.legId = options.legId;
    this.#open = options.open;
    this.#play = options.play;
    this.#changed = options.changed;
    this.#log = options.log;
  }

  /** The telephone is on this line from now on. Returns whether it still is. */
  take(line: LegAudioOutput): () => boolean {
    this.#stopPlaying();
    this.#line = line;
    this.#stopPlaying = this.#play(line);
    return () => this.#line === line;
  }

  /** Resolves when it is heard, or when that did not work at once: it goes on trying. */
  async connect(): Promise<void> {
    if (!(await this.#tryToConnect())) void this.#goOnTrying();
  }

  hear(mulaw: Uint8Array, atMs: number): void {
    this.#media?.hear(mulaw, atMs);
  }

  /** Stays so when its sound moves to another worker. */
  async setMuted(muted: boolean): Promise<void> {
    this.#muted = muted;
    await this.#pauseAsMuted();
  }

  /** Its place was taken away. */
  remove(): void {
    const line = this.#line;
    this.close();
    line?.removed();
  }

  /** Idempotent. */
  close(): void {
    this.#closed = true;
    this.#line = null;
    this.#stopPlaying();
    this.#media?.close();
    this.#media = null;
  }

  async #goOnTrying(): Promise<void> {
    do await wait(RETRY_AFTER_MS, undefined, { ref: false });
    while (!(await this.#tryToConnect()));
  }

  /** False when it is to be tried again. */
  async #tryToConnect(): Promise<boolean> {
    if (this.#closed) return true;
    try {
      const lost = (): void => {
        this.#media = null;
        this.#changed(null);
        void this.connect();
      };
      const media = await this.#open({ paused: this.#muted, lost });
      if (this.#closed) {
        media.close();
        return true;
      }
      this.#media = media;
      this.#changed(media);
      await this.#pauseAsMuted();
      return true;
    } catch (error) {
      if (!this.#closed) this.#log.warn({ err: error }, 'a telephone is not heard in its room yet');
      return this.#closed;
    }
  }

  /** Somebody may have muted it while its sound was being opened. */
  async #pauseAsMuted(): Promise<void> {
    const producer = this.#media?.sent.get('microphone')?.producer;
    if (producer === undefined || producer.paused === this.#muted) return;
    await (this.#muted ? producer.pause() : producer.resume());
    this.#changed(this.#media);
  }
}
