import { formatDuration } from '../../core/talk-time/format.ts';
import type { Sample } from './sample-token.ts';

/** A page that plays one stretch of a recording. `media` is relative to the page's own address. */
export const samplePage = (media: string, { startMs, endMs }: Sample): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Who is speaking?</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { display: grid; place-content: center; min-height: 90vh; margin: 1rem; text-align: center; gap: 1rem; }
  h1 { font-size: 1.25rem; margin: 0; }
  p { margin: 0; opacity: 0.75; }
  video { width: min(90vw, 30rem); height: 4rem; margin: auto; }
</style>
<h1>Who is speaking?</h1>
<p>The recording from ${formatDuration(startMs)} to ${formatDuration(endMs)}</p>
<video controls autoplay src="${media}#t=${(startMs / 1000).toFixed(1)},${(endMs / 1000).toFixed(1)}"></video>
<p>Close this page when you know, and go back to Slack.</p>
</html>
`;
