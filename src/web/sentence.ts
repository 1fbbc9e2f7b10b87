import type { Response } from 'express';

/** How soon the page looks again by itself, when waiting may help. */
const LOOK_AGAIN_S = 5;

/**
 * Answers whoever followed a link that leads nowhere (yet). People get a page with the sentence, which looks again
 * by itself after a 503; programs get the sentence alone.
 */
export const answerWithSentence = (response: Response, status: number, sentence: string): void => {
  response.status(status).format({
    text: () => void response.send(`${sentence}\n`),
    html: () =>
      void response
        .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(page(sentence, status === 503)),
  });
};

const page = (sentence: string, looksAgain: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">${looksAgain ? `\n<meta http-equiv="refresh" content="${LOOK_AGAIN_S}">` : ''}
<title>Parley</title>
<style>
  :root { color-scheme: light dark; font: 1.125rem/1.5 system-ui, sans-serif; }
  body { display: grid; place-content: center; min-height: 90vh; margin: 1.5rem; text-align: center; }
  main { max-width: 34rem; }
  p { margin: 0; text-wrap: balance; }
  .name { margin-bottom: 0.75rem; color: light-dark(#0f766e, #4fd1c1); font-weight: 650; }
</style>
<main>
<p class="name">Parley</p>
<p>${escapeHtml(sentence)}</p>
</main>
</html>
`;

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
