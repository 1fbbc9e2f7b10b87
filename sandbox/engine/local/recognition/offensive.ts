/**
 * The model sometimes writes a slur that no one said. It cannot be distinguished from one that was said, so all of them
 * are masked. The lists hold slurs and the coarsest swear words, rotated by 13 letters so that this file can be read.
 */

/** Words that start with one of these are offensive. */
const stems =
  'avttre phag shpx zbgureshpx fuvg ovgpu juber snttbg jrgonpx genaal enturnq gbjryurnq pbpxfhpx'.split(' ');

/** Offensive as whole words only. */
const wholeWords = new Set(
  'avttn avttnf snt sntf fcvp fcvpf puvax tbbx tbbxf pbba pbbaf qntb xvxr xvxrf cnxv cnxvf ergneq ergneqf ergneqrq fyhg fyhgf gjng gjngf'.split(
    ' ',
  ),
);

const rotate = (text: string): string =>
  text.replace(/[a-z]/g, (letter) => String.fromCharCode(((letter.charCodeAt(0) - 84) % 26) + 97));

/** An offensive word with asterisks after its first letter; any other word unchanged. */
export const maskOffensive = (word: string): string => {
  const bare = rotate(word.toLowerCase().replace(/[^a-z]/g, ''));
  const offensive = wholeWords.has(bare) || stems.some((stem) => bare.startsWith(stem));
  if (!offensive) return word;
  let seen = 0;
  return word.replace(/[a-z]/gi, (letter) => (seen++ === 0 ? letter : '*'));
};
