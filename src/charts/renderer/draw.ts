import { createCanvas } from '@napi-rs/canvas';
import {
  ArcElement,
  Chart,
  type ChartConfiguration,
  DoughnutController,
  Legend,
  PieController,
  Title,
} from 'chart.js';
// The package's main file is a browser script with a second Chart.js; this one shares ours.
import datalabels from 'chartjs-plugin-datalabels/dist/chartjs-plugin-datalabels.esm.js';
import { createFonts, type Fonts } from './fonts.ts';
import type { RenderRequest } from './request.ts';

export interface Drawer {
  /** PNG bytes. */
  draw(request: RenderRequest): Promise<Uint8Array>;
}

export const createDrawer = (fonts: Fonts = createFonts()): Drawer => {
  Chart.register(ArcElement, PieController, DoughnutController, Legend, Title, datalabels);
  return {
    async draw({ width, height, devicePixelRatio, backgroundColor, chart }) {
      const canvas = createCanvas(width, height);
      const background = {
        id: 'background',
        beforeDraw({ ctx }: Chart) {
          ctx.save();
          ctx.fillStyle = backgroundColor;
          ctx.fillRect(0, 0, width, height);
          ctx.restore();
        },
      };
      const config = {
        ...chart,
        options: {
          ...chart.options,
          animation: false,
          responsive: false,
          devicePixelRatio,
        },
        plugins: [background],
      };
      // Global, because all parts read the font from here; the chart is drawn before it is set again.
      Chart.defaults.font.family = fonts.familiesFor(textOf(chart));
      // Chart.js is typed for browsers; this canvas has all that it uses.
      const drawn = new Chart(canvas as never, config as unknown as ChartConfiguration);
      try {
        // The synchronous form of encode keeps its memory until the event loop is idle.
        return await canvas.encode('png');
      } finally {
        drawn.destroy();
      }
    },
  };
};

const textOf = (chart: RenderRequest['chart']): string =>
  [
    ...chart.data.labels.flat(),
    ...chart.data.datasets[0].data.map((value) => (typeof value === 'number' ? '' : value.label)),
  ].join('\n');
