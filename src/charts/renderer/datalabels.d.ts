/** The plugin's ES module, which the package has no types for. */
declare module 'chartjs-plugin-datalabels/dist/chartjs-plugin-datalabels.esm.js' {
  import type { Plugin } from 'chart.js';

  const plugin: Plugin;
  export default plugin;
}
