/**
 * The speakers' colours: the same as in the chart and the thread (a test holds them together), each with the ink
 * that can be read on it.
 */
const COLOURS = [
  { back: '#0072b2', ink: '#ffffff' },
  { back: '#e69f00', ink: '#000000' },
  { back: '#009e73', ink: '#000000' },
  { back: '#cc79a7', ink: '#000000' },
  { back: '#f0e442', ink: '#000000' },
  { back: '#d55e00', ink: '#000000' },
  { back: '#7f4f24', ink: '#ffffff' },
  { back: '#2b2b2b', ink: '#ffffff' },
] as const;
const OTHERS = { back: '#999999', ink: '#000000' } as const;

export const colourOf = (partyIndex: number): { readonly back: string; readonly ink: string } =>
  COLOURS[partyIndex] ?? OTHERS;

/** For an element's `style`: what its stylesheet asks for as `--party` and `--party-ink`. */
export const partyStyle = (partyIndex: number): Record<`--${string}`, string> => {
  const { back, ink } = colourOf(partyIndex);
  return { '--party': back, '--party-ink': ink };
};
