export type Wanted = 'microphone' | 'camera';

/** The devices that this browser lets the page choose from. */
export interface Devices {
  readonly microphones: readonly MediaDeviceInfo[];
  readonly cameras: readonly MediaDeviceInfo[];
  /** Empty where the browser plays through whatever the machine plays through. */
  readonly speakers: readonly MediaDeviceInfo[];
}

export const NO_DEVICES: Devices = { microphones: [], cameras: [], speakers: [] };

/** Names and ids are empty until the page was allowed to use a device; such entries are no choice. */
export const listDevices = async (): Promise<Devices> => {
  const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind: MediaDeviceKind) => all.filter((each) => each.kind === kind && each.deviceId !== '');
  const canChooseSpeaker = 'setSinkId' in HTMLMediaElement.prototype;
  return {
    microphones: of('audioinput'),
    cameras: of('videoinput'),
    speakers: canChooseSpeaker ? of('audiooutput') : [],
  };
};

/** Why there is no microphone or camera, and what to do. */
export class DeviceProblem extends Error {
  readonly sentence: string;
  /** By the person, or whoever decides for them: no other device would be given either. */
  readonly refused: boolean;
  constructor(sentence: string, { cause }: { readonly cause: unknown }) {
    super(sentence, { cause });
    this.name = 'DeviceProblem';
    this.sentence = sentence;
    this.refused = isRefusal(cause);
  }
}

/**
 * Opens a microphone or a camera: this one, or any when null.
 * @throws DeviceProblem
 */
export const openDevice = async (wanted: Wanted, deviceId: string | null): Promise<MediaStreamTrack> => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraintsFor(wanted, deviceId));
    const [track] = stream.getTracks();
    if (track === undefined) throw new DOMException('nothing came', 'NotFoundError');
    return track;
  } catch (cause) {
    throw new DeviceProblem(problemOf(wanted, cause), { cause });
  }
};

/**
 * The same, or any other when that one cannot be had; then `whyNotChosen` is a sentence.
 * @throws DeviceProblem when there is none at all
 */
export const openDeviceOrAny = async (
  wanted: Wanted,
  deviceId: string | null,
): Promise<{ readonly track: MediaStreamTrack; readonly whyNotChosen: string | null }> => {
  try {
    return { track: await openDevice(wanted, deviceId), whyNotChosen: null };
  } catch (error) {
    if (deviceId === null || !(error instanceof DeviceProblem) || error.refused) throw error;
    return { track: await openDevice(wanted, null), whyNotChosen: error.sentence };
  }
};

/**
 * Lets the person choose a screen, a window or a tab. Null when they thought better of it.
 * @throws what the browser says when it cannot
 */
export const openScreen = async (): Promise<MediaStreamTrack | null> => {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 15 } } });
    return stream.getVideoTracks()[0] ?? null;
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
};

const constraintsFor = (wanted: Wanted, deviceId: string | null): MediaStreamConstraints => {
  const chosen = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  return wanted === 'microphone'
    ? { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen } }
    : { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...chosen } };
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
const isRefusal = (error: unknown): boolean => ['NotAllowedError', 'SecurityError'].includes(nameOf(error));

const problemOf = (wanted: Wanted, error: unknown): string => {
  if (navigator.mediaDevices === undefined) {
    return 'Browsers give a camera and microphone to pages on https:// only. Open the meeting by its https address.';
  }
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return `Your browser does not let this page use the ${wanted}. Allow it in the address bar or in the browser’s settings, then try again.`;
    case 'NotFoundError':
    case 'OverconstrainedError':
      return `No ${wanted} was found. Plug one in and try again; you can take part without.`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${wanted} cannot be used: another program may have it. Close that one and try again.`;
    default:
      return `The ${wanted} could not be started. Try again, or choose another one.`;
  }
};
