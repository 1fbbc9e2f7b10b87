import type { PieChart } from '../chart.ts';

export interface Charts {
  /** The chart as PNG bytes. */
  pie(chart: PieChart): Promise<Uint8Array>;
}
