import { expect, it } from 'vitest';
import {
  DEFAULT_SETTINGS,
  readSettings,
  writeSettings,
} from '../../../../src/pages/meeting/state/settings.ts';

const storage = (stored: Record<string, string> = {}) => ({
  getItem: (key: string) => stored[key] ?? null,
  setItem: (key: string, value: string) => {
    stored[key] = value;
  },
});
const unavailable = () => {
  throw new Error('no storage');
};

it('stores what a person chose', () => {
  const stored = storage();
  const chosen = {
    ...DEFAULT_SETTINGS,
    captionSize: 'huge',
    captionPosition: 'top',
    shortcuts: false,
  } as const;
  writeSettings(() => stored, chosen);
  expect(readSettings(() => stored)).toEqual(chosen);
});

it.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['null', 'null'],
  [
    'values of other types',
    '{"captionSize":"giant","captionLines":9,"shortcuts":"yes","microphoneId":7,"x":1}',
  ],
])('ignores %s', (_, text) => {
  const stored = text === undefined ? {} : { 'parley-meeting': text };
  expect(readSettings(() => storage(stored))).toEqual(DEFAULT_SETTINGS);
});

it('reads settings that were stored under their former names', () => {
  const stored = storage({ 'parley-meeting': '{"captionPlace":"top","keys":false}' });
  expect(readSettings(() => stored)).toEqual({
    ...DEFAULT_SETTINGS,
    captionPosition: 'top',
    shortcuts: false,
  });
});

it('works in a browser without storage', () => {
  expect(readSettings(unavailable)).toEqual(DEFAULT_SETTINGS);
  expect(() => writeSettings(unavailable, DEFAULT_SETTINGS)).not.toThrow();
});
