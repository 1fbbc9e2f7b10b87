/** The speakers' colours, as in the chart and the thread (a test holds them together), each with a legible text colour. */
const COLOURS = [
  { background: '#0072b2', text: '#ffffff' },
  { background: '#e69f00', text: '#000000' },
  { background: '#009e73', text: '#000000' },
  { background: '#cc79a7', text: '#000000' },
  { background: '#f0e442', text: '#000000' },
  { background: '#d55e00', text: '#000000' },
  { background: '#7f4f24', text: '#ffffff' },
  { background: '#2b2b2b', text: '#ffffff' },
] as const;
/** Of everyone after those. */
const OTHERS = { background: '#999999', text: '#000000' } as const;

export const speakerColour = (partyIndex: number): { readonly background: string; readonly text: string } =>
  COLOURS[partyIndex] ?? OTHERS;

/** For an element's `style`: the custom properties that stylesheets use. */
export const speakerStyle = (partyIndex: number): Record<`--${string}`, string> => {
  const { background, text } = speakerColour(partyIndex);
  return { '--speaker': background, '--speaker-text': text };
};
