import { type Capture, captureWords, declinerOf, isRecorded } from '../../core/meeting/capture.ts';

/** What the meeting page says of recording, captions and transcript, and asks to agree to. */

/** What is done with what is said, for as long as it is. */
export const LIGHT = {
  recording: 'Recording',
  stopping: (name: string): string => `Stopping the recording: ${name} declined`,
  declined: (name: string): string => `Recording off: ${name} declined`,
  transcribing: 'Transcribing',
  off: 'Not transcribing',
  /** What the light means, in full. */
  about: (capture: Capture): string => {
    const words = captureWords(capture);
    if (words === null) {
      return declinerOf(capture.recording) === null
        ? 'Captions are off. Nothing is transcribed.'
        : 'Nothing is recorded or transcribed from here on.';
    }
    const what = `This ${capture.kind} is ${words}.`;
    return isRecorded(capture) ? `${what} ${whatBecomesOfRecording(capture)}` : what;
  },
} as const;

const whatBecomesOfRecording = ({ kept }: Capture): string =>
  kept ? 'The recording is kept.' : 'The recording is deleted once it’s transcribed.';

export const CONSENT = {
  agree: (capture: Capture): string =>
    `I agree to be ${captureWords(capture) ?? 'captioned and transcribed while captions are on'}.`,
  about: (capture: Capture): string =>
    [
      'The transcript is posted in Slack with my name.',
      ...(isRecorded(capture) ? [whatBecomesOfRecording(capture)] : []),
      ...(capture.captioned ? [] : ['Captions are off right now.']),
    ].join(' '),
  given: (capture: Capture): string =>
    `You can withdraw this in Settings. Nothing is ${isRecorded(capture) ? 'recorded or ' : ''}transcribed while you’re muted.`,
  missing: 'Without this you can watch, listen and read captions, but not speak.',
  /** Where there is nothing to agree to. */
  declined: (name: string): string =>
    `${name} declined, so recording, captions and transcript are off for the rest of this call.`,
} as const;

export const CONSENT_DIALOG = {
  title: 'Before you speak',
  text: (capture: Capture): string =>
    [
      `What you say is ${captureWords(capture) ?? 'captioned and transcribed while captions are on'}.`,
      'The transcript is posted in Slack with your name.',
      ...(isRecorded(capture) ? [whatBecomesOfRecording(capture)] : []),
      `Nothing is ${isRecorded(capture) ? 'recorded or ' : ''}transcribed while you’re muted.`,
    ].join(' '),
  decline: 'Stay muted',
  agree: 'Agree and unmute',
} as const;

const agreedTo = (kind: Capture['kind']): string =>
  `${kind === 'call' ? 'recorded, ' : ''}captioned and transcribed`;

export const CONSENT_SETTING = {
  title: 'Transcription consent',
  given: (kind: Capture['kind']): string =>
    `You agreed to be ${agreedTo(kind)}. Withdrawing turns your microphone off.`,
  missing: (kind: Capture['kind']): string => `Agree to be ${agreedTo(kind)} to use your microphone.`,
  withdraw: 'Withdraw consent',
  agree: 'Agree',
} as const;
