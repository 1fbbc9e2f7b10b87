import type { Page } from 'playwright-core';

/**
 * Watches for text that a page may show for a moment only, which polling would miss. Resolves once it watches, with a
 * promise that resolves once the text was shown.
 */
export const watchForText = async (page: Page, words: string): Promise<() => Promise<unknown>> => {
  const watch = await page.evaluateHandle<{ readonly shown: Promise<void> }>(
    `(${WATCH})(${JSON.stringify(words)})`,
  );
  return () => watch.evaluate(({ shown }) => shown);
};

/** As text, because it runs in the page. */
const WATCH = `(words) => {
  const { promise: shown, resolve } = Promise.withResolvers();
  const look = () => {
    if (document.body.textContent.includes(words)) resolve();
  };
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
  look();
  return { shown };
}`;
