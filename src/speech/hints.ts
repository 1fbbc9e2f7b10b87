import type { SpeechHints } from '../core/ports.ts';

/** Deepgram's limit is 500 tokens for all key terms together; a token is rarely shorter than two bytes. */
const MAX_TERM_BYTES = 1_000;

/**
 * The parameters of a request that follow from hints: one language is named, otherwise the engine hears any of those
 * that `multi` covers, several in one recording too. (`detect_language` would take one and drop the words of the others.)
 */
export const hintParameters = ({
  languages,
  terms,
}: SpeechHints): { readonly language: string; readonly keyterm?: string[] } => {
  const keyterm: string[] = [];
  let bytes = 0;
  for (const term of terms) {
    // A comma would be refused.
    const clean = term.replaceAll(/[\s,]+/gu, ' ').trim();
    bytes += Buffer.byteLength(clean);
    if (bytes > MAX_TERM_BYTES) break;
    if (clean !== '') keyterm.push(clean);
  }
  return {
    language: languages.length === 1 ? languages[0]! : 'multi',
    ...(keyterm.length === 0 ? {} : { keyterm }),
  };
};
