import type { ComponentChildren } from 'preact';
import type { StoredFile } from '../../slack/control/contract.ts';
import { messages } from '../sentences.ts';
import { AudioIcon, DownloadIcon, FileIcon, FilmIcon } from '../ui/icons.tsx';
import { fileUrl, formatSize } from '../workspace/file-url.ts';
import { useWorkspace } from '../workspace/workspace-context.ts';

/** A file of a message: audio, video and images are shown in place, every file can be downloaded. */
export function FileCard({ file }: { file: StoredFile }) {
  const url = fileUrl(file, useWorkspace().state.me);
  if (!url) return <p class="block-failed">{messages.foreignFile(file.name)}</p>;
  const kind = file.mimetype.split('/')[0];
  if (kind === 'image') return <ImageFile file={file} url={url} />;
  return (
    <figure class={`file is-${kind}`}>
      <figcaption class="file-head">
        <span class="file-icon">{ICONS[kind ?? ''] ?? <FileIcon />}</span>
        <span class="file-name">
          <b dir="auto">{file.title || file.name}</b>
          <small>{[file.filetype.toUpperCase(), formatSize(file.size)].filter(Boolean).join(' · ')}</small>
        </span>
        <Download file={file} url={url} />
      </figcaption>
      {kind === 'audio' && (
        // biome-ignore lint/a11y/useMediaCaption: captions are what the app is there to make.
        <audio controls preload="metadata" src={url} aria-label={messages.listenTo(file.name)} />
      )}
      {kind === 'video' && (
        // biome-ignore lint/a11y/useMediaCaption: captions are what the app is there to make.
        <video controls preload="metadata" src={url} aria-label={messages.watch(file.name)} />
      )}
    </figure>
  );
}

function ImageFile({ file, url }: { file: StoredFile; url: string }) {
  return (
    <figure class="file is-image">
      <figcaption class="file-head">
        <span class="file-name">
          <b dir="auto">{file.title || file.name}</b>
        </span>
        <Download file={file} url={url} />
      </figcaption>
      <a href={url} target="_blank" rel="noreferrer" class="image-link">
        <img src={url} alt={file.alt_txt ?? file.title ?? file.name} />
      </a>
    </figure>
  );
}

function Download({ file, url }: { file: StoredFile; url: string }) {
  return (
    <a
      class="icon-button"
      href={url}
      download={file.name}
      aria-label={messages.download(file.name)}
      title="Download"
    >
      <DownloadIcon />
    </a>
  );
}

const ICONS: Readonly<Record<string, ComponentChildren>> = { audio: <AudioIcon />, video: <FilmIcon /> };
