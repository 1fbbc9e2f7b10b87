/** Everything that people read about recordings and the speech engine, which they know as the transcription service. */

export const EMPTY = 'This file is empty. Check the recording and post it again.';

/** `looksLike` completes "This file is …". */
export const notAudio = (looksLike: string): string => {
  const what = looksLike === 'text' ? 'contains text' : `is ${looksLike}`;
  return `This file ${what}, not audio. Post an audio or video file.`;
};

export const TOO_LARGE = 'This recording is larger than 2 GB. Post only its audio, or split it into parts.';
export const UNREADABLE =
  'This recording can’t be read: it’s damaged, incomplete or in an unknown format. ' +
  'Check that it plays on your computer, or save it as MP3 and post it again.';
export const NO_SOUND = 'This video has no sound. Check that a microphone was recorded, and post it again.';
export const NO_SPEECH =
  'No one speaks in this recording. If someone does, check that the right microphone was recorded, and that it’s loud enough.';

// What may pass. `AppError` adds what to do.

export const CUT_SHORT = 'The download was interrupted.';
export const BUSY = 'The transcription service is busy.';
export const FAILED = 'The transcription service isn’t working properly.';
export const TOO_SLOW = 'The transcription service took too long.';
export const STOPPED = 'Parley restarted during the transcription.';

// What only an admin can change.

export const KEY_REFUSED =
  'The transcription service doesn’t accept Parley’s key. Your Parley admin needs to check DEEPGRAM_API_KEY.';
export const NOT_IN_PLAN =
  'The transcription service doesn’t let Parley use the model nova-3. ' +
  'Your Parley admin needs to check the permissions of DEEPGRAM_API_KEY and the plan of its project.';
export const NO_CREDIT =
  'Parley’s account with the transcription service has no credit left. Ask your Parley admin.';
export const REQUEST_REFUSED =
  'The transcription service refused the request. Your Parley admin needs to check DEEPGRAM_URL and the log.';

// For the reader of a transcript.

/** Of a file with several audio tracks. */
export const someTracksOnly = (tracks: number, heard: number): string =>
  `This file has ${tracks} audio tracks; only the first ${heard === 1 ? 'one' : heard} could be transcribed.`;
export const LOCAL_ENGINE_REMARK = 'Transcribed by the local engine: English only.';
