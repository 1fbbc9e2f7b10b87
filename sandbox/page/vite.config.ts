import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/**
 * The workspace's server serves the page at its root. `PARLEY_WORKSPACE` (development only:
 * `vite -c sandbox/page/vite.config.ts`) is the address of the control interface.
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
    // The emoji table makes one large file; it is served from this machine only.
    chunkSizeWarningLimit: 2000,
    reportCompressedSize: false,
    emptyOutDir: true,
    // No report of build times at each start of the workspace.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    proxy: {
      '/control': { target: process.env.PARLEY_WORKSPACE ?? 'http://127.0.0.1:3000', ws: true },
    },
  },
});
