import { DEVICE_ERRORS } from '../sentences.ts';

export type DeviceKind = 'microphone' | 'camera';

/** The devices that this browser lets the page choose from. */
export interface Devices {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  /** Empty where the browser always plays through the system's speaker. */
  readonly speakers: readonly MediaDeviceInfo[];
}

export const NO_DEVICES: Devices = { microphones: [], cameras: [], speakers: [] };

/** Labels and ids are empty until the page may use a device; such entries cannot be chosen, and are left out. */
export const listDevices = async (): Promise<Devices> => {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const ofKind = (kind: MediaDeviceKind) => all.filter((each) => each.kind === kind && each.deviceId !== '');
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  return {
    microphones: ofKind('audioinput'),
    cameras: ofKind('videoinput'),
    speakers: canChooseSpeaker ? ofKind('audiooutput') : [],
  };
};

/** Why there is no microphone or camera; `message` is a sentence for people. */
export class DeviceError extends Error {
  /** Denied by the person or by policy: no other device would be given either. */
  readonly isDenied: boolean;
  constructor(sentence: string, { cause }: { readonly cause: unknown }) {
    super(sentence, { cause });
    this.name = 'DeviceError';
    this.isDenied = isPermissionError(cause);
  }
}

/**
 * Opens a microphone or a camera: this one, or any when null.
 * @throws DeviceError
 */
export const openDevice = async (kind: DeviceKind, deviceId: string | null): Promise<MediaStreamTrack> => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraintsFor(kind, deviceId));
    const [track] = stream.getTracks();
    if (track === undefined) throw new DOMException('the stream has no track', 'NotFoundError');
    return track;
  } catch (cause) {
    throw new DeviceError(sentenceFor(kind, cause), { cause });
  }
};

/**
 * The same, or any other device when that one cannot be opened; then `fallbackReason` is a sentence.
 * @throws DeviceError when there is none at all
 */
export const openDeviceOrAny = async (
  kind: DeviceKind,
  deviceId: string | null,
): Promise<{ readonly track: MediaStreamTrack; readonly fallbackReason: string | null }> => {
  try {
    return { track: await openDevice(kind, deviceId), fallbackReason: null };
  } catch (error) {
    if (deviceId === null || !(error instanceof DeviceError) || error.isDenied) throw error;
    return { track: await openDevice(kind, null), fallbackReason: error.message };
  }
};

/**
 * Lets the person choose a screen, a window or a tab. Null when they cancel.
 * @throws what the browser throws when it cannot
 */
export const openScreen = async (): Promise<MediaStreamTrack | null> => {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
    return stream.getVideoTracks()[0] ?? null;
  } catch (error) {
    if (isPermissionError(error)) return null;
    throw error;
  }
};

const constraintsFor = (kind: DeviceKind, deviceId: string | null): MediaStreamConstraints => {
  const chosen = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  return kind === 'microphone'
    ? { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen } }
    : { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...chosen } };
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
const isPermissionError = (error: unknown): boolean =>
  ['NotAllowedError', 'SecurityError'].includes(nameOf(error));

const sentenceFor = (kind: DeviceKind, error: unknown): string => {
  if (navigator.mediaDevices === undefined) return DEVICE_ERRORS.insecurePage;
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return DEVICE_ERRORS.blocked(kind);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return DEVICE_ERRORS.notFound(kind);
    case 'NotReadableError':
    case 'AbortError':
      return DEVICE_ERRORS.inUse(kind);
    default:
      return DEVICE_ERRORS.failed(kind);
  }
};
