export { createCharts } from './create-charts.ts';
export { type ChartRenderer, startChartRenderer } from './renderer/server.ts';
