import { keepSocket } from '../../live.ts';
import { audioPath } from '../client.ts';
import type { Microphone } from '../state.ts';
import workletUrl from './worklet.ts?worker&url';

/** The sound of one telephone, here: what it hears from the speaker, what the microphone hears into it. */
export interface Line {
  setMuted(muted: boolean): void;
  /** Gives the microphone back. Idempotent. */
  close(): void;
}

/** Opens at once; `tell` hears how it goes with the microphone. Without one, or without sound at all, a call goes on. */
export function openLine(number: string, tell: (microphone: Microphone) => void): Line {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const closing = new AbortController();
  let track: MediaStreamTrack | undefined;
  let muted = false;
  const isClosed = () => closing.signal.aborted;

  const open = async () => {
    await context.audioWorklet.addModule(workletUrl);
    if (isClosed()) return;
    const telephone = new AudioWorkletNode(context, 'telephone', { outputChannelCount: [1] });
    telephone.connect(context.destination);
    const socket = keepSocket(audioPath(number), {
      onMessage: (data) => data instanceof ArrayBuffer && telephone.port.postMessage(data, [data]),
    });
    telephone.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => socket.send(data);
    closing.signal.addEventListener('abort', () => socket.close());
    void context.resume();

    const microphone = await findMicrophone();
    if (typeof microphone === 'string') {
      if (!isClosed()) tell(microphone);
      return;
    }
    track = microphone;
    if (isClosed()) return track.stop();
    track.enabled = !muted;
    // It may be pulled out while somebody talks.
    track.onended = () => tell('none');
    context.createMediaStreamSource(new MediaStream([track])).connect(telephone);
    tell('on');
  };
  // A browser without audio worklets has no sound to offer; the call, its keys and its text stay.
  open().catch(() => tell('none'));

  return {
    setMuted: (now) => {
      muted = now;
      if (track) track.enabled = !now;
    },
    close: () => {
      if (isClosed()) return;
      closing.abort();
      track?.stop();
      void context.close();
    },
  };
}

async function findMicrophone(): Promise<MediaStreamTrack | Exclude<Microphone, 'asked' | 'on'>> {
  // Pages that are neither encrypted nor on this machine have no devices at all.
  if (!navigator.mediaDevices) return 'unsafe';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    return stream.getAudioTracks()[0] ?? 'none';
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'refused' : 'none';
  }
}
