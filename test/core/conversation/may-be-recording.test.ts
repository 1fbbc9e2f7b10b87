import { expect, it } from 'vitest';
import { mayBeRecording } from '../../../src/core/conversation/may-be-recording.ts';

it.each<[string, string | null, boolean]>([
  ['standup.mp3', 'audio/mpeg', true],
  ['no-extension', 'video/mp4', true],
  ['MEETING.WAV', null, true],
  ['voice.opus', 'application/octet-stream', true],
  ['notes.txt', 'text/plain', false],
  ['notes.mp3', 'text/plain', true],
  ['index.ts', 'text/plain', false],
  ['stream.ts', 'video/mp2t', true],
  ['slides.pdf', 'application/pdf', false],
  ['mp3', null, false],
  ['', null, false],
])('%s declared as %s is worth an answer: %s', (name, mimeType, worth) => {
  expect(mayBeRecording({ name, mimeType })).toBe(worth);
});
