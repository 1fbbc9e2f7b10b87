import type { PieChart, PieSlice } from '../core/chart.ts';
import { formatDuration } from '../core/talk-time/format.ts';
import { INK, inkOn, PAPER } from './contrast.ts';
import { fitText, textWidthEm } from './label-text.ts';

/**
 * The chart as a Chart.js 4 configuration: plain JSON, which any QuickChart server takes, and which is never run as code.
 * All texts are computed here; `chartjs-plugin-datalabels`, which QuickChart has too, shows the `label` of a value that
 * is an object.
 *
 * Slack shows images 360 to 500 pixels wide, so the layout is 600 wide, and its 20 px text is read at 12 or more. It is
 * drawn at twice the pixels, for sharp screens and the full view.
 */
export interface PiePicture {
  readonly config: ReturnType<typeof buildConfig>;
  /** In layout pixels; the image has `pixelRatio` times as many each way. */
  readonly width: number;
  readonly height: number;
  readonly pixelRatio: number;
}

const WIDTH = 600;
/** In a thread, text and chart fit onto one screen of a phone. */
const MIN_HEIGHT = 300;
const MARGIN = 20;
const PIXEL_RATIO = 2;
const LINE_HEIGHT = 1.2;
/** Chart.js gives a legend beside the chart at most half of the width. */
const LEGEND_WIDTH = (WIDTH - 2 * MARGIN) / 2;
/** Below this share, letter and percentage are wider than their slice, and the legend alone has the percentage. */
const LABELLED_SHARE = 0.09;
/** Below this share, there is no room for the letter either. */
const LETTERED_SHARE = 0.03;
const ZERO_WIDTH_SPACE = '\u200b';

/** More than five speakers are set closer. */
const legendStyle = (slices: number) => (slices <= 5 ? { px: 20, gap: 14 } : { px: 18, gap: 9 });

export const piePicture = (chart: PieChart): PiePicture => {
  const { px, gap } = legendStyle(chart.slices.length);
  const legendHeight = chart.slices.length * (2 * px * LINE_HEIGHT + gap) + gap;
  const height = Math.ceil(Math.max(MIN_HEIGHT, 2 * MARGIN + legendHeight));
  return { config: buildConfig(chart), width: WIDTH, height, pixelRatio: PIXEL_RATIO };
};

const buildConfig = ({ slices }: PieChart) => {
  const single = slices.length === 1;
  const { px, gap } = legendStyle(slices.length);
  const percentages = percentTexts(slices);
  const nameEm = (LEGEND_WIDTH - px - px / 2 - 2 * gap) / px;
  return {
    type: 'pie',
    data: {
      labels: slices.map((slice, at) => legendLines(slice, percentages[at]!, nameEm)),
      datasets: [
        {
          data: slices.map((slice, at) => ({
            value: slice.speakingMs,
            label: sliceLabel(slice, percentages[at]!),
          })),
          backgroundColor: slices.map((slice) => slice.colour),
          borderColor: PAPER,
          // The border of a single slice would be a line from the middle to the top.
          borderWidth: single ? 0 : 3,
        },
      ],
    },
    options: {
      animation: false,
      responsive: false,
      layout: { padding: MARGIN },
      // Some space between pie and legend.
      radius: '96%',
      plugins: {
        legend: {
          position: 'right',
          align: 'center',
          labels: {
            color: INK,
            font: { size: px, lineHeight: LINE_HEIGHT },
            padding: gap,
            boxWidth: px,
            boxHeight: px * 0.7,
            usePointStyle: true,
            pointStyle: 'rectRounded',
            textAlign: 'left',
          },
        },
        datalabels: {
          display: slices.map(
            ({ share, letter }) => share >= (letter === null ? LABELLED_SHARE : LETTERED_SHARE),
          ),
          color: slices.map((slice) => inkOn(slice.colour)),
          font: { size: 20, weight: 'bold' },
          // A slice has the most space near the rim; a single one in its middle.
          anchor: single ? 'start' : 'end',
          align: single ? 'center' : 'start',
          offset: single ? 0 : 10,
        },
      },
    },
  };
};

/** The letter tells which slice is whose without its colour. */
const sliceLabel = ({ letter, share }: PieSlice, percentage: string): string => {
  if (letter === null) return percentage;
  return share < LABELLED_SHARE ? letter : `${letter} ${percentage}`;
};

/** The same percentages as in the text beside the chart; a share above 0 is never "0%". */
const percentTexts = (slices: readonly PieSlice[]): readonly string[] =>
  slices.map(({ percent, share }) => (percent === 0 && share > 0 ? '<1%' : `${percent}%`));

/**
 * The name, and below it the figures. Chart.js makes the legend as wide as the line with the most characters, which need
 * not be the widest one: a name of seven Han characters is wider than "62%  ·  3:10". Characters without width make the
 * widest line the longest as well.
 */
const legendLines = (slice: PieSlice, percentage: string, nameEm: number): readonly string[] => {
  const prefix = slice.letter === null ? '' : `${slice.letter} · `;
  const name = prefix + (fitText(slice.label, nameEm - textWidthEm(prefix)) || '–');
  const figures = `${percentage}  ·  ${formatDuration(slice.speakingMs)}`;
  return textWidthEm(name) > textWidthEm(figures)
    ? [name.padEnd(figures.length + 1, ZERO_WIDTH_SPACE), figures]
    : [name, figures.padEnd(name.length + 1, ZERO_WIDTH_SPACE)];
};
