import type { ComponentChildren } from 'preact';
import type { StoredFile } from '../../slack/control/contract.ts';
import { fileAddress, sizeLabel } from '../file-address.ts';
import { useWorkspace } from '../workspace-context.ts';
import { DownloadIcon, FileIcon, FilmIcon, SoundIcon } from './icons.tsx';

/** A file of a message: players and pictures in place, everything to be downloaded. */
export function FileCard({ file }: { file: StoredFile }) {
  const address = fileAddress(file, useWorkspace().state.me);
  if (!address) return <p class="block-failed">{file.name} has an address outside of this workspace.</p>;
  const kind = file.mimetype.split('/')[0];
  if (kind === 'image') return <ImageFile file={file} address={address} />;
  return (
    <figure class={`file is-${kind}`}>
      <figcaption class="file-head">
        <span class="file-icon">{ICONS[kind ?? ''] ?? <FileIcon />}</span>
        <span class="file-name">
          <b dir="auto">{file.title || file.name}</b>
          <small>{[file.filetype.toUpperCase(), sizeLabel(file.size)].filter(Boolean).join(' · ')}</small>
        </span>
        <Download file={file} address={address} />
      </figcaption>
      {kind === 'audio' && (
        // biome-ignore lint/a11y/useMediaCaption: what is said is what the app is asked for.
        <audio controls preload="metadata" src={address} aria-label={`Listen to ${file.name}`} />
      )}
      {kind === 'video' && (
        // biome-ignore lint/a11y/useMediaCaption: what is said is what the app is asked for.
        <video controls preload="metadata" src={address} aria-label={`Watch ${file.name}`} />
      )}
    </figure>
  );
}

function ImageFile({ file, address }: { file: StoredFile; address: string }) {
  return (
    <figure class="file is-image">
      <figcaption class="file-head">
        <span class="file-name">
          <b dir="auto">{file.title || file.name}</b>
        </span>
        <Download file={file} address={address} />
      </figcaption>
      <a href={address} target="_blank" rel="noreferrer" class="zoom">
        <img src={address} alt={file.alt_txt ?? file.title ?? file.name} />
      </a>
    </figure>
  );
}

function Download({ file, address }: { file: StoredFile; address: string }) {
  return (
    <a
      class="icon-button"
      href={address}
      download={file.name}
      aria-label={`Download ${file.name}`}
      title="Download"
    >
      <DownloadIcon />
    </a>
  );
}

const ICONS: Readonly<Record<string, ComponentChildren>> = { audio: <SoundIcon />, video: <FilmIcon /> };
