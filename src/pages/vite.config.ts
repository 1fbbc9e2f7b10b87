import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const at = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** The page stands at the path of its own link; what it loads is at a path without the link's token. */
export default defineConfig({
  root: at('.'),
  base: '/meeting-page/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    // Current Chrome, Firefox and Safari: light-dark() and the popover attribute are newer than any of these.
    target: ['chrome125', 'firefox128', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    emptyOutDir: true,
    rolldownOptions: {
      // The meeting, and the test of a connection.
      input: [at('meeting.html'), at('doctor.html')],
      checks: { pluginTimings: false },
    },
  },
});
