/** Every tile has the shape of a camera's picture. */
const ASPECT = 16 / 9;
/** Squarer than this cuts off people who do not sit in the middle. */
const LEAST_ASPECT = 5 / 4;
export const GAP_PX = 8;
/** Smaller than this no face is one any more; then the stage scrolls. */
const LEAST_WIDTH_PX = 150;

export interface Grid {
  readonly columns: number;
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

/**
 * The grid in which `count` tiles are largest on a stage of this size. Tiles are stretched towards the shape of the
 * stage, as far as faces allow, so that a phone held upright is used well.
 */
export const gridFor = (count: number, widthPx: number, heightPx: number): Grid => {
  let best: Grid = { columns: 1, tileWidthPx: 0, tileHeightPx: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (widthPx - (columns - 1) * GAP_PX) / columns;
    const cellHeight = (heightPx - (rows - 1) * GAP_PX) / rows;
    if (columns > 1 && cellWidth < LEAST_WIDTH_PX) break;
    const aspect = Math.min(Math.max(cellWidth / cellHeight, LEAST_ASPECT), ASPECT * 1.1);
    const tileWidthPx = Math.floor(Math.max(LEAST_WIDTH_PX, Math.min(cellWidth, cellHeight * aspect)));
    const tileHeightPx = Math.floor(tileWidthPx / aspect);
    if (tileWidthPx * tileHeightPx > best.tileWidthPx * best.tileHeightPx) {
      best = { columns, tileWidthPx: Math.min(tileWidthPx, widthPx), tileHeightPx };
    }
  }
  return best;
};

/** Heights of the three layers of a 720p camera; each is taken while it is not stretched by more than a quarter. */
const LAYER_HEIGHTS_PX = [180, 360] as const;

/** The smallest simulcast layer that is sharp enough for a picture this high on the screen. */
export const layerFor = (heightPx: number, pixelRatio: number): 0 | 1 | 2 => {
  const wanted = heightPx * Math.min(pixelRatio, 2);
  if (wanted <= LAYER_HEIGHTS_PX[0] * 1.25) return 0;
  return wanted <= LAYER_HEIGHTS_PX[1] * 1.25 ? 1 : 2;
};
