/** A camera's shape. */
const CAMERA_ASPECT = 16 / 9;
/** Narrower tiles crop people who do not sit in the middle. */
const MIN_ASPECT = 5 / 4;
export const GAP_PX = 8;
/** In smaller tiles faces cannot be recognized; the stage scrolls instead. */
const MIN_WIDTH_PX = 150;

export interface Grid {
  readonly columns: number;
  readonly tileWidthPx: number;
  readonly tileHeightPx: number;
}

/**
 * The grid with the largest tiles for `count` people on a stage of this size. Tiles take the stage's shape as far as
 * the limits allow, so that an upright phone is filled.
 */
export const computeGrid = (count: number, widthPx: number, heightPx: number): Grid => {
  let best: Grid = { columns: 1, tileWidthPx: 0, tileHeightPx: 0 };
  for (let columns = 1; columns <= Math.max(1, count); columns += 1) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (widthPx - (columns - 1) * GAP_PX) / columns;
    const cellHeight = (heightPx - (rows - 1) * GAP_PX) / rows;
    if (columns > 1 && cellWidth < MIN_WIDTH_PX) break;
    const aspect = Math.min(Math.max(cellWidth / cellHeight, MIN_ASPECT), CAMERA_ASPECT * 1.1);
    const tileWidthPx = Math.floor(Math.max(MIN_WIDTH_PX, Math.min(cellWidth, cellHeight * aspect)));
    const tileHeightPx = Math.floor(tileWidthPx / aspect);
    if (tileWidthPx * tileHeightPx > best.tileWidthPx * best.tileHeightPx) {
      best = { columns, tileWidthPx: Math.min(tileWidthPx, widthPx), tileHeightPx };
    }
  }
  return best;
};

/** Heights of the two smaller simulcast layers of a 720p camera. */
const LAYER_HEIGHTS_PX = [180, 360] as const;
/** A layer may be scaled up by so much before the next one is received. */
const MAX_UPSCALING = 1.25;
/** No one sees the difference on finer screens. */
const MAX_PIXEL_RATIO = 2;

/** The smallest simulcast layer that is sharp at this height on the screen. */
export const spatialLayerFor = (heightPx: number, pixelRatio: number): 0 | 1 | 2 => {
  const wantedPx = heightPx * Math.min(pixelRatio, MAX_PIXEL_RATIO);
  if (wantedPx <= LAYER_HEIGHTS_PX[0] * MAX_UPSCALING) return 0;
  return wantedPx <= LAYER_HEIGHTS_PX[1] * MAX_UPSCALING ? 1 : 2;
};
