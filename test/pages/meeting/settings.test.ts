import { expect, it } from 'vitest';
import { DEFAULT_SETTINGS, readSettings, writeSettings } from '../../../src/pages/meeting/settings.ts';

const storage = (kept: Record<string, string> = {}) => ({
  getItem: (key: string) => kept[key] ?? null,
  setItem: (key: string, value: string) => {
    kept[key] = value;
  },
});
const refused = () => {
  throw new Error('this browser keeps nothing');
};

it('keeps what somebody chose', () => {
  const kept = storage();
  const chosen = { ...DEFAULT_SETTINGS, captionSize: 'huge', captionPlace: 'top', keys: false } as const;
  writeSettings(() => kept, chosen);
  expect(readSettings(() => kept)).toEqual(chosen);
});

it.each([
  ['nothing', undefined],
  ['no JSON', '{'],
  ['null', 'null'],
  ['values of other kinds', '{"captionSize":"giant","captionLines":9,"keys":"yes","microphoneId":7,"x":1}'],
])('passes over %s', (_, text) => {
  const kept = text === undefined ? {} : { 'parley-meeting': text };
  expect(readSettings(() => storage(kept))).toEqual(DEFAULT_SETTINGS);
});

it('goes on in a browser that keeps nothing', () => {
  expect(readSettings(refused)).toEqual(DEFAULT_SETTINGS);
  expect(() => writeSettings(refused, DEFAULT_SETTINGS)).not.toThrow();
});
