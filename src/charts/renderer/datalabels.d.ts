/** The plugin's file for modules, which the package has but does not describe. */
declare module 'chartjs-plugin-datalabels/dist/chartjs-plugin-datalabels.esm.js' {
  import type { Plugin } from 'chart.js';

  const plugin: Plugin;
  export default plugin;
}
