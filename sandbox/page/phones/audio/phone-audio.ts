import { openSocket } from '../../workspace/socket.ts';
import { audioPath } from '../client.ts';
import type { Microphone } from '../state.ts';
import workletUrl from './worklet.ts?worker&url';

/** The audio of one phone on this page: its call on the speaker, the microphone into its call. */
export interface PhoneAudio {
  setMuted(muted: boolean): void;
  /** Releases the microphone. Idempotent. */
  close(): void;
}

/**
 * Opens at once and reports what becomes of the microphone to `onMicrophone`. Without a microphone, or without any audio,
 * the call continues.
 */
export function openPhoneAudio(number: string, onMicrophone: (microphone: Microphone) => void): PhoneAudio {
  const context = new AudioContext({ latencyHint: 'interactive' });
  const closing = new AbortController();
  let track: MediaStreamTrack | undefined;
  let isMuted = false;
  const isClosed = () => closing.signal.aborted;

  const open = async () => {
    await context.audioWorklet.addModule(workletUrl);
    if (isClosed()) return;
    const phone = new AudioWorkletNode(context, 'phone', { outputChannelCount: [1] });
    phone.connect(context.destination);
    const socket = openSocket(audioPath(number), {
      onMessage: (data) => data instanceof ArrayBuffer && phone.port.postMessage(data, [data]),
    });
    phone.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => socket.send(data);
    closing.signal.addEventListener('abort', () => socket.close());
    void context.resume();

    const microphone = await openMicrophone();
    if (typeof microphone === 'string') {
      if (!isClosed()) onMicrophone(microphone);
      return;
    }
    track = microphone;
    if (isClosed()) return track.stop();
    track.enabled = !isMuted;
    // It may be unplugged during the call.
    track.onended = () => onMicrophone('missing');
    context.createMediaStreamSource(new MediaStream([track])).connect(phone);
    onMicrophone('on');
  };
  // A browser without audio worklets has no audio to offer; the call, its keys and its text stay.
  open().catch(() => onMicrophone('missing'));

  return {
    setMuted: (muted) => {
      isMuted = muted;
      if (track) track.enabled = !muted;
    },
    close: () => {
      if (isClosed()) return;
      closing.abort();
      track?.stop();
      void context.close();
    },
  };
}

async function openMicrophone(): Promise<MediaStreamTrack | Exclude<Microphone, 'pending' | 'on'>> {
  // A page that is neither local nor encrypted has no media devices at all.
  if (!navigator.mediaDevices) return 'insecure';
  try {
    const stream = await navigator.mediaDevices.getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    });
    return stream.getAudioTracks()[0] ?? 'missing';
  } catch (error) {
    return error instanceof DOMException && error.name === 'NotAllowedError' ? 'denied' : 'missing';
  }
}
