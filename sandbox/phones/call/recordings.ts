import { BYTES_PER_MS, FRAME_BYTES, isVoiced, SILENT_FRAME } from '../audio/mulaw.ts';
import { wavOf } from '../audio/wav.ts';
import { joined } from '../handset/handset.ts';
import { newSid, rfc2822 } from '../ids.ts';
import type { Network } from '../network.ts';
import type { Call } from './call.ts';
import type { RecordingOrder } from './record.ts';

type RecordingStatus = 'in-progress' | 'paused' | 'stopped' | 'processing' | 'completed' | 'absent';

export interface Recording {
  readonly sid: string;
  readonly callSid: string;
  readonly order: RecordingOrder;
  readonly createdAtMs: number;
  readonly status: RecordingStatus;
  readonly updatedAtMs: number;
  /** Null until it is completed. */
  readonly durationMs: number | null;
  readonly errorCode: number | null;
  /** Stops, or pauses and goes on. */
  set(status: 'stopped' | 'paused' | 'in-progress'): void;
  /** With as many channels: what the telephone said, and what it heard; null before it is completed. */
  wav(channels: 1 | 2): Buffer | null;
  /** Whether a download is to fail now: the failure of that name strikes once a recording. */
  readonly download: { failed: boolean };
}

export interface Recordings {
  start(call: Call, order: RecordingOrder): Recording;
  get(sid: string): Recording | undefined;
  of(callSid: string | null): Recording[];
  remove(sid: string): void;
  close(): void;
}

/** A recording that is shorter is too short to be kept. */
const LEAST_MS = 100;
const TOO_SHORT = 16_101;
const SLOW_MS = 10_000;

export const createRecordings = (network: () => Network): Recordings => {
  const recordings = new Map<string, Recording>();
  const timers = new Set<NodeJS.Timeout>();
  const later = (ms: number, work: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      work();
    }, ms);
    timers.add(timer);
  };
  return {
    start: (call, order) => {
      const recording = record(network(), call, order, later);
      recordings.set(recording.sid, recording);
      return recording;
    },
    get: (sid) => recordings.get(sid),
    of: (callSid) => [...recordings.values()].filter((one) => callSid === null || one.callSid === callSid),
    remove: (sid) => void recordings.delete(sid),
    close: () => {
      for (const timer of timers) clearTimeout(timer);
    },
  };
};

const record = (
  network: Network,
  call: Call,
  order: RecordingOrder,
  later: (ms: number, work: () => void) => void,
): Recording => {
  const said: Uint8Array[] = [];
  const heard: Uint8Array[] = [];
  let status: RecordingStatus = 'in-progress';
  let updatedAtMs = Date.now();
  let errorCode: number | null = null;
  let sound: readonly Uint8Array[] | null = null;
  const change = (next: RecordingStatus): void => {
    status = next;
    updatedAtMs = Date.now();
    tell(network, recording);
  };
  const finish = (): void => {
    // Deleted while it was being prepared.
    if (network.recordings.get(recording.sid) === undefined) return;
    const whole = [joined(said), joined(heard)];
    said.length = 0;
    heard.length = 0;
    const kept = order.trim ? trimmed(whole) : whole;
    if (network.failures.shouldFail('phone-recording-absent') || kept[0]!.length < LEAST_MS * BYTES_PER_MS) {
      errorCode = TOO_SHORT;
      change('absent');
      return;
    }
    sound = kept;
    change('completed');
  };
  const stop = (): void => {
    if (status !== 'in-progress' && status !== 'paused') return;
    stopListening();
    change('processing');
    later(network.failures.shouldFail('phone-recording-slow') ? SLOW_MS : network.pace.processingMs, finish);
  };
  const recording: Recording = {
    sid: newSid('RE'),
    callSid: call.record.sid,
    order,
    createdAtMs: updatedAtMs,
    get status() {
      return status;
    },
    get updatedAtMs() {
      return updatedAtMs;
    },
    get durationMs() {
      return sound === null ? null : sound[0]!.length / BYTES_PER_MS;
    },
    get errorCode() {
      return errorCode;
    },
    set: (next) => {
      if (next === 'stopped') stop();
      else if (status === 'in-progress' || status === 'paused') change(next);
    },
    wav: (channels) => {
      if (sound === null) return null;
      return wavOf(channels === 2 ? sound : [mixed(sound[0]!, sound[1]!)]);
    },
    download: { failed: false },
  };
  const stopListening = call.audio!.onFrame((frame) => {
    // A pause is recorded as silence, so that times stay right.
    said.push(status === 'paused' ? SILENT_FRAME : frame.sent);
    heard.push(status === 'paused' ? SILENT_FRAME : frame.received);
  });
  call.signal.addEventListener('abort', stop, { once: true });
  tell(network, recording);
  return recording;
};

/** Where both sides are silent at the start and at the end. */
const trimmed = (channels: readonly Uint8Array[]): Uint8Array[] => {
  const frames = Math.floor(channels[0]!.length / FRAME_BYTES);
  const loud = Array.from({ length: frames }, (_, frame) =>
    channels.some((channel) => isVoiced(channel.subarray(frame * FRAME_BYTES, (frame + 1) * FRAME_BYTES))),
  );
  const from = Math.max(0, loud.indexOf(true)) * FRAME_BYTES;
  const to = (loud.lastIndexOf(true) + 1) * FRAME_BYTES;
  return channels.map((channel) => channel.subarray(from, to));
};

/** Both on one channel: at each moment the louder of the two. */
const mixed = (one: Uint8Array, other: Uint8Array): Uint8Array =>
  // The codes of mulaw are inverted: of two without their sign, the smaller is louder.
  one.map((code, index) => ((code & 0x7f) <= (other[index]! & 0x7f) ? code : other[index]!));

const recordingUrl = (network: Network, sid: string): string =>
  `${network.url()}/2010-04-01/Accounts/${network.account.accountSid}/Recordings/${sid}`;

const tell = (network: Network, recording: Recording): void => {
  const { callback } = recording.order;
  if (callback === null || !callback.events.includes(recording.status)) return;
  network.webhooks.send(recording.callSid, {
    url: callback.url,
    method: callback.method,
    parameters: {
      AccountSid: network.account.accountSid,
      CallSid: recording.callSid,
      RecordingSid: recording.sid,
      RecordingUrl: recordingUrl(network, recording.sid),
      RecordingStatus: recording.status,
      RecordingDuration: String(Math.round((recording.durationMs ?? 0) / 1000)),
      RecordingChannels: String(recording.order.channels),
      RecordingStartTime: rfc2822(recording.createdAtMs),
      RecordingSource: recording.order.source,
      RecordingTrack: 'both',
      ErrorCode: String(recording.errorCode ?? 0),
    },
  });
};
