import type { Clock } from '../../../src/core/ports.ts';
import { mixChannels, trimChannels } from '../audio/channels.ts';
import { BYTES_PER_MS, concatFrames, SILENT_FRAME } from '../audio/mulaw.ts';
import { wavOf } from '../audio/wav.ts';
import { newSid } from '../ids.ts';
import type { OngoingCall } from '../live-call.ts';
import type { RecordingRequest } from './record.ts';

type RecordingStatus = 'in-progress' | 'paused' | 'stopped' | 'processing' | 'completed' | 'absent';

/** What the network decides about a recording. */
export interface RecordingHooks {
  /** From its end until it can be fetched. */
  readonly processingMs: () => number;
  readonly isLost: () => boolean;
  readonly isDeleted: (sid: string) => boolean;
  readonly onStatus: (recording: Recording) => void;
}

const MIN_DURATION_MS = 100;
/** Twilio's code for a recording that is too short. */
const TOO_SHORT = 16_101;

/** A recording of a call, from its request until it is completed or absent. */
export class Recording {
  readonly sid = newSid('RE');
  readonly callSid: string;
  readonly request: RecordingRequest;
  readonly createdAtMs: number;
  /** Whether a download was failed on purpose: that happens once a recording. */
  readonly download = { failed: false };
  readonly #hooks: RecordingHooks;
  readonly #clock: Clock;
  readonly #stopListening: () => void;
  #sent: Uint8Array[] = [];
  #received: Uint8Array[] = [];
  #status: RecordingStatus = 'in-progress';
  #updatedAtMs: number;
  #errorCode: number | null = null;
  #channels: readonly Uint8Array[] | null = null;

  /** The call must be answered. */
  constructor(call: OngoingCall, request: RecordingRequest, hooks: RecordingHooks, clock: Clock) {
    this.callSid = call.record.sid;
    this.request = request;
    this.#hooks = hooks;
    this.#clock = clock;
    this.createdAtMs = clock.nowMs();
    this.#updatedAtMs = this.createdAtMs;
    this.#stopListening = call.audio!.onFrame(({ sent, received }) => {
      // A pause is recorded as silence, so that times stay right.
      const paused = this.#status === 'paused';
      this.#sent.push(paused ? SILENT_FRAME : sent);
      this.#received.push(paused ? SILENT_FRAME : received);
    });
    call.signal.addEventListener('abort', () => this.#stop(), { once: true });
    hooks.onStatus(this);
  }

  get status(): RecordingStatus {
    return this.#status;
  }
  get updatedAtMs(): number {
    return this.#updatedAtMs;
  }
  get errorCode(): number | null {
    return this.#errorCode;
  }
  /** Null until it is completed. */
  get durationMs(): number | null {
    return this.#channels === null ? null : this.#channels[0]!.length / BYTES_PER_MS;
  }

  setStatus(next: 'stopped' | 'paused' | 'in-progress'): void {
    if (next === 'stopped') this.#stop();
    else if (this.#status === 'in-progress' || this.#status === 'paused') this.#enter(next);
  }

  /** Two channels are what the phone sent and what it received, unless swapped. Null before it is completed. */
  wav(channels: 1 | 2, { swapped = false } = {}): Buffer | null {
    if (this.#channels === null) return null;
    const [sent, received] = this.#channels as [Uint8Array, Uint8Array];
    if (channels === 1) return wavOf([mixChannels(sent, received)]);
    return wavOf(swapped ? [received, sent] : [sent, received]);
  }

  #stop(): void {
    if (this.#status !== 'in-progress' && this.#status !== 'paused') return;
    this.#stopListening();
    this.#enter('processing');
    this.#clock.after(this.#hooks.processingMs(), () => this.#complete());
  }

  #complete(): void {
    if (this.#hooks.isDeleted(this.sid)) return;
    const whole = [concatFrames(this.#sent), concatFrames(this.#received)];
    this.#sent = [];
    this.#received = [];
    const kept = this.request.trim ? trimChannels(whole) : whole;
    if (this.#hooks.isLost() || kept[0]!.length < MIN_DURATION_MS * BYTES_PER_MS) {
      this.#errorCode = TOO_SHORT;
      this.#enter('absent');
      return;
    }
    this.#channels = kept;
    this.#enter('completed');
  }

  #enter(status: RecordingStatus): void {
    this.#status = status;
    this.#updatedAtMs = this.#clock.nowMs();
    this.#hooks.onStatus(this);
  }
}
