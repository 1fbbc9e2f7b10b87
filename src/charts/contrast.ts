/** Slack's own near-black. */
export const INK = '#1d1c1d';
export const PAPER = '#ffffff';

/** Relative luminance of a `#rrggbb` colour, 0 to 1. @see https://www.w3.org/TR/WCAG22/#dfn-relative-luminance */
const luminance = (hex: string): number => {
  const channel = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
};

/** Contrast of two colours, 1 to 21. */
export const contrast = (a: string, b: string): number => {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
};

/** Dark or white, whichever has more contrast on `background`. */
export const inkOn = (background: string): string =>
  contrast(INK, background) > contrast(PAPER, background) ? INK : PAPER;
