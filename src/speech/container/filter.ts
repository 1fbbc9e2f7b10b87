import { createMatroskaFilter } from './matroska.ts';
import { createMp4Filter } from './mp4.ts';
import type { ContainerFilter } from './types.ts';

const MP4_BEGINS: ReadonlySet<string> = new Set(['ftyp', 'moov', 'mdat', 'wide', 'free', 'skip', 'pnot']);
const EBML = 0x1a45dfa3;

/**
 * The filter that leaves audio track `chosen` (from 0) of a recording; null for containers whose tracks are not read.
 */
export const containerFilter = (beginning: Uint8Array, chosen: number): ContainerFilter | null => {
  if (beginning.length < 12) return null;
  const bytes = Buffer.from(beginning.buffer, beginning.byteOffset, 12);
  if (MP4_BEGINS.has(bytes.toString('latin1', 4, 8))) return createMp4Filter(chosen);
  return bytes.readUInt32BE(0) === EBML ? createMatroskaFilter(chosen) : null;
};
