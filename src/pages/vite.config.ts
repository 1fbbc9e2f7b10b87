import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Assets are served from a path of their own, without the token that is in a page's link. */
export default defineConfig({
  root: at('.'),
  base: '/meeting-page/',
  resolve: {
    alias: [
      {
        // mediasoup-client loads its fakes for tests as well, and a bundler cannot leave them out by itself.
        find: /^\.\/(handlers\/FakeHandler|test\/fakeParameters)$/,
        replacement: at('empty-module.cjs'),
      },
    ],
  },
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // Current Chrome, Firefox and Safari: light-dark() and the popover attribute are newer than any of these.
    target: ['chrome125', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: {
      input: [at('meeting.html'), at('doctor.html')],
      checks: { pluginTimings: false },
    },
  },
});
