import type { Locator, Page } from 'playwright-core';
import { until } from '../../support/until.ts';

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [number, number, number];

/** A tile by its label: `Ben`, `Ben’s screen`, `Your screen`. */
export const tileOf = (page: Page, label: string): Locator =>
  page.getByRole('article', { name: label, exact: true });

/** Waits until the middle of a tile’s video has nearly this colour: encoding changes it a little. */
export const showsColour = (page: Page, label: string, wanted: Colour): Promise<unknown> =>
  until(
    async () => {
      const colour = await page.evaluate<number[] | null>(`(${COLOUR})(${JSON.stringify(label)})`);
      return colour?.every((one, at) => Math.abs(one - wanted[at]!) < 40) ?? false;
    },
    { timeoutMs: 120_000, what: `the colour ${wanted.join(', ')} in “${label}”` },
  );

/** As text, because it runs in the page. Null before the first frame. */
const COLOUR = `(label) => {
  const tile = [...document.querySelectorAll('article')].find((each) => each.getAttribute('aria-label') === label);
  const video = tile?.querySelector('video') ?? null;
  if (video === null || video.videoWidth === 0) return null;
  const canvas = document.createElement('canvas').getContext('2d');
  canvas.drawImage(video, video.videoWidth / 2, video.videoHeight / 2, 1, 1, 0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
}`;
