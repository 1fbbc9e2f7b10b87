import { open } from 'node:fs/promises';
import { extname } from 'node:path';

/**
 * The type that Slack gives a file. It goes by the name alone: text named `.mp3` is `audio/mpeg`, and sound whose
 * extension it does not know, or that has none, is just bytes.
 */
const BY_EXTENSION: Readonly<Record<string, readonly [mimetype: string, filetype: string]>> = {
  '.aac': ['audio/aac', 'aac'],
  '.aiff': ['audio/aiff', 'aiff'],
  '.avi': ['video/x-msvideo', 'avi'],
  '.csv': ['text/csv', 'csv'],
  '.flac': ['audio/flac', 'flac'],
  '.gif': ['image/gif', 'gif'],
  '.jpeg': ['image/jpeg', 'jpg'],
  '.jpg': ['image/jpeg', 'jpg'],
  '.json': ['text/plain', 'json'],
  '.m4a': ['audio/mp4', 'm4a'],
  '.md': ['text/markdown', 'markdown'],
  '.mkv': ['video/x-matroska', 'mkv'],
  '.mov': ['video/quicktime', 'mov'],
  '.mp3': ['audio/mpeg', 'mp3'],
  '.mp4': ['video/mp4', 'mp4'],
  '.mpg': ['video/mpeg', 'mpg'],
  '.oga': ['audio/ogg', 'ogg'],
  '.ogg': ['audio/ogg', 'ogg'],
  '.opus': ['audio/ogg', 'opus'],
  '.pdf': ['application/pdf', 'pdf'],
  '.png': ['image/png', 'png'],
  '.srt': ['text/plain', 'text'],
  '.txt': ['text/plain', 'text'],
  '.vtt': ['text/vtt', 'vtt'],
  '.wav': ['audio/wav', 'wav'],
  '.webm': ['video/webm', 'webm'],
  '.wma': ['audio/x-ms-wma', 'wma'],
  '.wmv': ['video/x-ms-wmv', 'wmv'],
  '.zip': ['application/zip', 'zip'],
};
const UNKNOWN = ['application/octet-stream', 'binary'] as const;

export const kindOfFile = (name: string): { mimetype: string; filetype: string } => {
  const [mimetype, filetype] = BY_EXTENSION[extname(name).toLowerCase()] ?? UNKNOWN;
  return { mimetype, filetype };
};

/** Pixels of a PNG or GIF; undefined for everything else. */
export const imageSize = async (path: string): Promise<{ width: number; height: number } | undefined> => {
  const file = await open(path);
  try {
    const head = Buffer.alloc(24);
    const { bytesRead } = await file.read(head, 0, 24, 0);
    if (bytesRead === 24 && head.toString('latin1', 1, 4) === 'PNG') {
      return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
    }
    if (bytesRead >= 10 && head.toString('latin1', 0, 3) === 'GIF') {
      return { width: head.readUInt16LE(6), height: head.readUInt16LE(8) };
    }
    return undefined;
  } finally {
    await file.close();
  }
};
