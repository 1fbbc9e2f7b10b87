import { createHash } from 'node:crypto';
import { formatDuration } from '../../core/talk-time/format.ts';
import type { DescribedVoice } from '../../core/transcript/describe-voices.ts';
import { escapeHtml } from '../sentence-page.ts';
import { CLIP } from '../sentences.ts';
import type { Sample } from './sample-token.ts';

/** Shows what to do instead of a player that stays silent. Its hash is in the page's policy. */
const ON_ERROR = `const player = document.querySelector('video');
const explain = () => {
  player.hidden = true;
  document.getElementById('unplayable').hidden = false;
};
if (player.error) explain();
else player.addEventListener('error', explain);`;

export const SAMPLE_PAGE_POLICY = [
  "default-src 'none'",
  "media-src 'self'",
  "style-src 'unsafe-inline'",
  `script-src 'sha256-${createHash('sha256').update(ON_ERROR).digest('base64')}'`,
].join('; ');

/**
 * A page that plays one voice clip of a recording.
 * @param mediaUrl relative to the page's own address
 * @param speaker null when the recording has been transcribed again since, without this voice
 */
export const samplePage = (
  mediaUrl: string,
  { startMs, endMs }: Sample,
  speaker: Pick<DescribedVoice, 'currentName' | 'excerpt'> | null,
): string => {
  const name = escapeHtml(speaker?.currentName ?? CLIP.unknownSpeaker);
  const excerpt = speaker === null ? '' : `<blockquote>“${escapeHtml(speaker.excerpt)}”</blockquote>\n`;
  const [start, end] = [formatDuration(startMs), formatDuration(endMs)];
  const range = `${(startMs / 1000).toFixed(1)},${(endMs / 1000).toFixed(1)}`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${name}</title>
<style>
  :root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif; }
  body { display: grid; place-content: center; min-height: 90vh; margin: 1rem; text-align: center; gap: 1rem; }
  h1 { font-size: 1.25rem; margin: 0; }
  p { margin: 0; opacity: 0.75; }
  blockquote { max-width: 30rem; margin: 0 auto; text-wrap: balance; }
  video { width: min(90vw, 30rem); height: 4rem; margin: auto; }
</style>
<h1>${name}</h1>
<p>${CLIP.times(start, end)}</p>
${excerpt}<video controls autoplay src="${mediaUrl}#t=${range}"></video>
<div id="unplayable" hidden>
<p>${CLIP.unplayable(start, end)}</p>
<p><a href="${mediaUrl}" download>${CLIP.download}</a></p>
</div>
<script>${ON_ERROR}</script>
<p>${CLIP.done}</p>
</html>
`;
};
