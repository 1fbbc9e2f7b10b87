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
  constructor(sentence: string, cause: unknown) {
    super(sentence, { cause });
    this.name = 'DeviceProblem';
    this.sentence = sentence;
  }
}

/**
 * Opens a microphone or a camera: the chosen one, or any when that is not there any more.
 * @throws DeviceProblem
 */
export const openDevice = async (wanted: Wanted, deviceId: string | null): Promise<MediaStreamTrack> => {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(constraintsFor(wanted, deviceId));
    const [track] = stream.getTracks();
    if (track === undefined) throw new DOMException('nothing came', 'NotFoundError');
    return track;
  } catch (error) {
    if (deviceId !== null && isGone(error)) return openDevice(wanted, null);
    throw new DeviceProblem(problemOf(wanted, error), error);
  }
};

const constraintsFor = (wanted: Wanted, deviceId: string | null): MediaStreamConstraints => {
  const chosen = deviceId === null ? {} : { deviceId: { exact: deviceId } };
  return wanted === 'microphone'
    ? { audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, ...chosen } }
    : { video: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 }, ...chosen } };
};

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');
const isGone = (error: unknown): boolean => ['OverconstrainedError', 'NotFoundError'].includes(nameOf(error));

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
      return `No ${wanted} was found. Plug one in and try again, or join without.`;
    case 'NotReadableError':
    case 'AbortError':
      return `The ${wanted} cannot be used: another program may have it. Close that one and try again.`;
    default:
      return `The ${wanted} could not be started. Try again, or choose another one.`;
  }
};
