import { expect, it } from 'vitest';
import { OTHERS_COLOUR, PALETTE } from '../../../../src/core/palette.ts';
import { speakerColour } from '../../../../src/pages/meeting/view/speaker-colours.ts';

it('gives every speaker the colour that the chart and the thread give them', () => {
  expect(PALETTE.map((_, party) => speakerColour(party).background)).toEqual(PALETTE.map(({ hex }) => hex));
  expect(speakerColour(PALETTE.length).background).toBe(OTHERS_COLOUR.hex);
});

/** @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (hex: string): number => {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};

it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])('writes initials on colour %i so that they can be read', (party) => {
  const { background, text } = speakerColour(party);
  const [dark = 0, light = 0] = [luminance(background), luminance(text)].sort((a, b) => a - b);
  expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
});
