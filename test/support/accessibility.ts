import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** What is fading has no contrast of its own yet. What moves for ever is left alone. */
const SETTLED = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
  .map(({ finished }) => finished))`;

/** What of a page breaks a rule of accessibility, as it is shown now, in light and in dark: which rule, where, and why. */
export const faultsOf = async (page: Page): Promise<string[]> => {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.evaluate(SETTLED);
    await page.evaluate(axe.source);
    const found = await page.evaluate('axe.run(document, { resultTypes: ["violations"] })');
    for (const { id, nodes } of (found as axe.AxeResults).violations) {
      for (const { target, failureSummary = '' } of nodes) {
        faults.push(`${colorScheme}: ${id}: ${target.join(' ')}: ${failureSummary.replace(/\s+/g, ' ')}`);
      }
    }
  }
  return faults;
};
