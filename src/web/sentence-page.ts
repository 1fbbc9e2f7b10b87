import type { Response } from 'express';

/** Until the page reloads by itself, where waiting may help. */
const RELOAD_AFTER_S = 5;

/**
 * Responds with one sentence: as a page for people, which reloads by itself after a 503, and as text for programs.
 */
export const sendSentence = (response: Response, status: number, sentence: string): void => {
  response.status(status).format({
    text: () => void response.send(`${sentence}\n`),
    html: () =>
      void response
        .set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
        .send(page(sentence, status === 503)),
  });
};

const page = (sentence: string, reloads: boolean): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">${reloads ? `\n<meta http-equiv="refresh" content="${RELOAD_AFTER_S}">` : ''}
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

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
