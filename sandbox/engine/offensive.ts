/**
 * The model sometimes writes a slur that nobody said. Nothing tells such a word from one that was said, so all
 * of them are masked. The list holds stems of slurs and of the coarsest swear words, rotated by 13 letters so
 * that this page can be read in company.
 */
const stems =
  'avttre avttn snttbg phag shpx zbgureshpx puvax fcvp xvxr jrgonpx genaal ergneq fuvg ovgpu avttno entuqnq pbpxfhpx gbjryurnq tbbx qlxr orqanre juber fyhg'.split(
    ' ',
  );

/** Stems that are whole words, because longer words that begin with them are innocent. */
const wholeWords = new Set([
  'snt',
  'snqbg',
  'pbba',
  'pbbaf',
  'qntb',
  'xvxr',
  'cnxv',
  'cnxvf',
  'gjng',
  'gjngf',
  'pbpx',
  'pbpxf',
  'qvpx',
]);

const rotate = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));

/** The word with its letters after the first as asterisks when it is offensive; unchanged otherwise. */
export const maskOffensive = (word: string): string => {
  const bare = rotate(word.toLowerCase().replace(/[^a-z]/g, ''));
  const offensive = wholeWords.has(bare) || stems.some((stem) => bare.startsWith(stem));
  if (!offensive) return word;
  let seen = 0;
  return word.replace(/[a-z]/gi, (letter) => (seen++ === 0 ? letter : '*'));
};
