import { type Box, boxesIn, readBoxHeader } from './mp4-boxes.ts';
import { Stepper } from './stepper.ts';
import { type ContainerFacts, type ContainerFilter, MAX_INDEX_BYTES } from './types.ts';

/** In fragmented files, each track's first time is in one of the first fragments. */
const MAX_FRAGMENTS = 64;

interface Track {
  readonly id: number;
  readonly isAudio: boolean;
  readonly timescale: number;
  /** The empty time before it, by its edit list. */
  readonly delayMs: number;
}

/**
 * MP4, QuickTime and 3GP, with the index before or after the media, or in fragments. A track is removed by naming its box
 * `free`.
 * @see ISO/IEC 14496-12
 */
export const createMp4Filter = (chosen: number): ContainerFilter => {
  let tracks: readonly Track[] | null = null;
  let durationMs: number | null = null;
  let fragments = 0;
  const firstTimes = new Map<number, number>();

  const readIndex = (moov: Buffer): void => {
    const all = boxesIn(moov, 8);
    durationMs = durationOf(all.find(({ type }) => type === 'mvhd'));
    const movieTimescale = timescaleOf(all.find(({ type }) => type === 'mvhd'));
    const traks = all.filter(({ type }) => type === 'trak');
    tracks = traks.map((trak) => readTrack(trak, movieTimescale));
    let audio = 0;
    for (const [i, { isAudio }] of tracks.entries()) {
      if (isAudio && audio++ !== chosen) moov.write('free', traks[i]!.at + 4, 'latin1');
    }
  };

  const readFragment = (moof: Buffer): void => {
    fragments += 1;
    for (const traf of boxesIn(moof, 8).filter(({ type }) => type === 'traf')) {
      const parts = boxesIn(traf.body);
      const id = parts.find(({ type }) => type === 'tfhd')?.body.readUInt32BE(4);
      const tfdt = parts.find(({ type }) => type === 'tfdt')?.body;
      if (id === undefined || tfdt === undefined || firstTimes.has(id)) continue;
      firstTimes.set(id, tfdt[0] === 1 ? Number(tfdt.readBigUInt64BE(4)) : tfdt.readUInt32BE(4));
    }
  };

  const stepper = new Stepper((header) => {
    const box = readBoxHeader(header);
    if (box === null) return null;
    const { type, headerBytes, sizeBytes } = box;
    const isIndex = type === 'moov' && tracks === null;
    const isFragment = type === 'moof' && fragments < MAX_FRAGMENTS;
    if ((isIndex || isFragment) && sizeBytes <= MAX_INDEX_BYTES && headerBytes === 8) {
      return { keep: sizeBytes, use: isIndex ? readIndex : readFragment };
    }
    return { pass: sizeBytes };
  });

  const offsetOf = (audio: Track): number => {
    const first = firstTimes.get(audio.id);
    if (first === undefined) return audio.delayMs;
    const starts = (tracks ?? []).flatMap(({ id, timescale }) => {
      const time = firstTimes.get(id);
      return time === undefined ? [] : [(time * 1_000) / timescale];
    });
    return audio.delayMs + (first * 1_000) / audio.timescale - Math.min(...starts);
  };

  return {
    push: (chunk) => stepper.push(chunk),
    flush: () => stepper.flush(),
    facts(): ContainerFacts | null {
      if (tracks === null) return null;
      const audio = tracks.filter(({ isAudio }) => isAudio);
      const track = audio[chosen];
      return {
        audioTracks: audio.length,
        offsetMs: track === undefined ? 0 : Math.round(offsetOf(track)),
        durationMs: stepper.isCutOff ? null : durationMs,
      };
    },
  };
};

/** Version 1 has times of 64 bits, which move what follows. */
const timescaleOf = (header: Box | undefined): number => {
  const body = header?.body;
  if (body === undefined) return 0;
  return body[0] === 1 ? body.readUInt32BE(20) : body.readUInt32BE(12);
};

const durationOf = (header: Box | undefined): number | null => {
  const timescale = timescaleOf(header);
  if (header === undefined || timescale === 0) return null;
  const { body } = header;
  const units = body[0] === 1 ? Number(body.readBigUInt64BE(24)) : body.readUInt32BE(16);
  // All bits set means unknown, and fragmented files have 0.
  return units === 0 || units === 0xffff_ffff ? null : Math.round((units * 1_000) / timescale);
};

const readTrack = (trak: Box, movieTimescale: number): Track => {
  const inTrak = boxesIn(trak.body);
  const part = (boxes: readonly Box[], name: string) => boxes.find(({ type }) => type === name);
  const inMedia = boxesIn(part(inTrak, 'mdia')?.body ?? Buffer.alloc(0));
  const header = part(inTrak, 'tkhd')?.body;
  const edits = part(boxesIn(part(inTrak, 'edts')?.body ?? Buffer.alloc(0)), 'elst')?.body;
  return {
    id: header === undefined ? 0 : header.readUInt32BE(header[0] === 1 ? 20 : 12),
    isAudio: part(inMedia, 'hdlr')?.body.toString('latin1', 8, 12) === 'soun',
    timescale: timescaleOf(part(inMedia, 'mdhd')) || 1,
    delayMs: edits === undefined || movieTimescale === 0 ? 0 : (emptyUnits(edits) * 1_000) / movieTimescale,
  };
};

/** The length of the empty edits at the beginning, in units of the movie. */
const emptyUnits = (elst: Buffer): number => {
  const wide = elst[0] === 1;
  const entryBytes = wide ? 20 : 12;
  let units = 0;
  for (let at = 8; at + entryBytes <= elst.length; at += entryBytes) {
    const mediaTime = wide ? elst.readBigInt64BE(at + 8) : BigInt(elst.readInt32BE(at + 4));
    if (mediaTime !== -1n) break;
    units += wide ? Number(elst.readBigUInt64BE(at)) : elst.readUInt32BE(at);
  }
  return units;
};
