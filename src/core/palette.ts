/**
 * The eight speaker colours (Okabe and Ito's, which colour-blind readers can tell apart), each with the nearest emoji
 * square, so that a speaker has one colour in the chart and in the text. The chart also shows names.
 * @see https://jfly.uni-koeln.de/color/
 */
export interface SpeakerColour {
  readonly hex: string;
  /** Emoji short name, without colons. */
  readonly square: string;
  readonly emoji: string;
}

export const PALETTE: readonly SpeakerColour[] = [
  { hex: '#0072b2', square: 'large_blue_square', emoji: '🟦' },
  { hex: '#e69f00', square: 'large_orange_square', emoji: '🟧' },
  { hex: '#009e73', square: 'large_green_square', emoji: '🟩' },
  { hex: '#cc79a7', square: 'large_purple_square', emoji: '🟪' },
  { hex: '#f0e442', square: 'large_yellow_square', emoji: '🟨' },
  { hex: '#d55e00', square: 'large_red_square', emoji: '🟥' },
  { hex: '#7f4f24', square: 'large_brown_square', emoji: '🟫' },
  { hex: '#2b2b2b', square: 'black_large_square', emoji: '⬛' },
];

/** Speakers past the palette, and small shares grouped in the chart. */
export const OTHERS_COLOUR: SpeakerColour = { hex: '#999999', square: 'white_large_square', emoji: '⬜' };

/** A speaker's letter beside the colour, for people who can't tell colours apart: A to Z, then AA, AB and so on. */
export const letterOf = (party: number): string =>
  (party < 26 ? '' : letterOf(Math.floor(party / 26) - 1)) + String.fromCharCode(65 + (party % 26));

export const colourOf = (party: number): SpeakerColour => PALETTE[party] ?? OTHERS_COLOUR;
