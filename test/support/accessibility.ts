import axe from 'axe-core';
import type { Page } from 'playwright-core';

/** Contrast is measured after animations have ended; endless ones are ignored. */
const SETTLED = `Promise.allSettled(document.getAnimations()
  .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
  .map(({ finished }) => finished))`;

/** Violations of accessibility rules by the page as it is now, in light and dark: rule, element and reason. */
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
