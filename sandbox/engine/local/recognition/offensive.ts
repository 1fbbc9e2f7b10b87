/**
 * The model sometimes writes a slur that nobody said. Nothing tells such a word from one that was said, so all
 * of them are masked. The lists hold slurs and the coarsest swear words, rotated by 13 letters so that this page
 * can be read in company.
 */

/** Whatever begins with one of these is offensive. */
const stems =
  'avttre phag shpx zbgureshpx fuvg ovgpu juber snttbg jrgonpx genaal enturnq gbjryurnq pbpxfhpx'.split(' ');

/** These are, too; but longer words that begin with them may be innocent. */
const wholeWords = new Set(
  'avttn avttnf snt sntf fcvp fcvpf puvax tbbx tbbxf pbba pbbaf qntb xvxr xvxrf cnxv cnxvf ergneq ergneqf ergneqrq fyhg fyhgf gjng gjngf'.split(
    ' ',
  ),
);

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
