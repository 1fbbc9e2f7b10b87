import { expect, it } from 'vitest';
import {
  type Approach,
  mayBeRecording,
  recordingsAmong,
} from '../../../src/core/conversation/may-be-recording.ts';

const FILES = [
  { name: 'talk.mp3', mimeType: 'audio/mpeg' },
  { name: 'New Recording 5', mimeType: 'application/octet-stream' },
  { name: 'slides.pdf', mimeType: 'application/pdf' },
];

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
  ...'awb bwf aifc spx w64 qt mpga dss ape wv tta'
    .split(' ')
    .map((ending): [string, string, boolean] => [`talk.${ending}`, 'application/octet-stream', true]),
  ['New Recording 5', 'application/octet-stream', false],
])('%s declared as %s is worth an answer: %s', (name, mimeType, worth) => {
  expect(mayBeRecording({ name, mimeType })).toBe(worth);
});

it.each<[Approach, string[]]>([
  ['posted', ['talk.mp3']],
  ['addressed', ['talk.mp3']],
  ['chosen', ['talk.mp3', 'New Recording 5', 'slides.pdf']],
])('of a message whose files are %s, these are tried', (approach, tried) => {
  expect(recordingsAmong(FILES, approach).map(({ name }) => name)).toEqual(tried);
});

it.each<[Approach, string[]]>([
  ['posted', []],
  ['addressed', ['New Recording 5']],
])('and these when none of them is a recording by its name (%s)', (approach, tried) => {
  expect(recordingsAmong(FILES.slice(1), approach).map(({ name }) => name)).toEqual(tried);
});
