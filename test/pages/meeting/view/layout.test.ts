import { describe, expect, it } from 'vitest';
import { computeGrid, GAP_PX, spatialLayerFor } from '../../../../src/pages/meeting/view/layout.ts';

const SCREENS = [
  ['a phone', 374, 640],
  ['a phone on its side', 760, 300],
  ['a desk', 1256, 640],
  ['a wall', 3800, 2000],
] as const;

describe.each(SCREENS)('the grid on %s', (_, width, height) => {
  it.each([1, 2, 3, 5, 9])('fits %i people without scrolling, and none is wider than the stage', (count) => {
    const { columns, tileWidthPx, tileHeightPx } = computeGrid(count, width, height);
    const rows = Math.ceil(count / columns);
    expect(columns * tileWidthPx + (columns - 1) * GAP_PX).toBeLessThanOrEqual(width);
    if (count <= 5) expect(rows * tileHeightPx + (rows - 1) * GAP_PX).toBeLessThanOrEqual(height + 1);
    expect(tileWidthPx / tileHeightPx).toBeGreaterThan(1.2);
    expect(tileWidthPx / tileHeightPx).toBeLessThan(2.1);
  });

  it('lets a hundred people scroll rather than shrink to nothing', () => {
    expect(computeGrid(100, width, height).tileWidthPx).toBeGreaterThanOrEqual(150);
  });
});

it('stacks two people on a phone and puts them side by side on a desk', () => {
  expect(computeGrid(2, 374, 640).columns).toBe(1);
  expect(computeGrid(2, 1256, 640).columns).toBe(2);
});

it('survives a stage that has no size yet', () => {
  expect(computeGrid(3, 0, 0)).toMatchObject({ columns: 1 });
});

it.each([
  [120, 1, 0],
  [225, 1, 0],
  [226, 1, 1],
  [180, 2, 1],
  [450, 1, 1],
  [451, 1, 2],
  [300, 2, 2],
  // A very fine screen of a phone shows no more than a fine one does.
  [110, 4, 0],
])('takes for a picture of %i pixels at ratio %i layer %i', (height, ratio, layer) => {
  expect(spatialLayerFor(height, ratio)).toBe(layer);
});
