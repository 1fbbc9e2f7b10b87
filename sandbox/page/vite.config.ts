import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * The workspace's server gives the page at its root. `PARLEY_WORKSPACE` (development only:
 * `vite -c sandbox/page/vite.config.ts`) says where the control interface answers.
 */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: {
    // The library that draws Block Kit, and the one that draws its markdown, are written for React.
    alias: [
      { find: /^react$/, replacement: 'preact/compat' },
      { find: /^react\/jsx-runtime$/, replacement: 'preact/jsx-runtime' },
    ],
  },
  build: {
    target: 'es2023',
    // The library's emoji table makes one large file; it is served from this machine only.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    emptyOutDir: true,
    // How long the parts of a build take is nothing to tell somebody who starts the workspace.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    proxy: {
      '/control': { target: process.env.PARLEY_WORKSPACE ?? 'http://127.0.0.1:3000', ws: true },
    },
  },
});
