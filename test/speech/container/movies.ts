/** Movies with uncompressed tracks, as small as a decoder takes them. */
export interface MovieTrack {
  readonly kind: 'audio' | 'video';
  /** Mono samples from -1 to 1, at 8 kHz. */
  readonly samples?: readonly number[];
  /** How much later it begins than the movie. */
  readonly delayMs?: number;
}
const RATE_HZ = 8_000;

const u16 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
};
const u32 = (...values: number[]): Buffer => {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value >>> 0, i * 4);
  return bytes;
};
const pcm = (samples: readonly number[] = []): Buffer => {
  const bytes = Buffer.alloc(samples.length * 2);
  for (const [i, sample] of samples.entries()) bytes.writeInt16LE(Math.round(sample * 32_767), i * 2);
  return bytes;
};
const lengthMs = ({ samples = [], delayMs = 0 }: MovieTrack): number =>
  delayMs + (samples.length * 1_000) / RATE_HZ;

const box = (type: string, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  return Buffer.concat([u32(body.length + 8), Buffer.from(type, 'latin1'), body]);
};
const MATRIX = u32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** A QuickTime movie of 16-bit PCM; `indexLast` as cameras write it. */
export const quickTime = (
  tracks: readonly MovieTrack[],
  { indexLast = false, durationMs = Math.max(...tracks.map(lengthMs)) } = {},
): Buffer => {
  const media = tracks.map(({ samples }) => pcm(samples));
  const ftyp = box('ftyp', Buffer.from('qt  '), u32(0x200), Buffer.from('qt  '));
  const mdat = box('mdat', ...media);
  const index = (mediaAt: number): Buffer => {
    let at = mediaAt;
    const traks = tracks.map((track, i) => {
      const trak = trakOf(track, i + 1, at, media[i]!.length / 2);
      at += media[i]!.length;
      return trak;
    });
    const mvhd = box(
      'mvhd',
      u32(0, 0, 0, 1_000, durationMs, 0x10000),
      u16(0x100, 0),
      u32(0, 0),
      MATRIX,
      u32(0, 0, 0, 0, 0, 0, 99),
    );
    return box('moov', mvhd, ...traks);
  };
  if (indexLast) return Buffer.concat([ftyp, mdat, index(ftyp.length + 8)]);
  const before = ftyp.length + index(0).length + 8;
  return Buffer.concat([ftyp, index(before), mdat]);
};

const trakOf = (track: MovieTrack, id: number, at: number, count: number): Buffer => {
  const { delayMs = 0 } = track;
  const soundMs = Math.round((count * 1_000) / RATE_HZ);
  const isAudio = track.kind === 'audio';
  const tkhd = box(
    'tkhd',
    u32(7, 0, 0, id, 0, delayMs + soundMs, 0, 0),
    u16(0, 0, 0x100, 0),
    MATRIX,
    u32(0, 0),
  );
  const edits = delayMs === 0 ? [] : [u32(delayMs, -1, 0x10000)];
  const elst = box('elst', u32(0, edits.length + 1), ...edits, u32(soundMs, 0, 0x10000));
  const mdhd = box('mdhd', u32(0, 0, 0, RATE_HZ, count), u16(0, 0));
  const hdlr = box(
    'hdlr',
    u32(0),
    Buffer.from(`mhlr${isAudio ? 'soun' : 'vide'}`),
    u32(0, 0, 0),
    Buffer.from([0]),
  );
  const entry = isAudio
    ? box('sowt', u32(0), u16(0, 1), u32(0, 0), u16(1, 16, 0, 0), u32(RATE_HZ * 65_536))
    : box('raw ', u32(0), u16(0, 1), Buffer.alloc(70));
  const stbl = box(
    'stbl',
    box('stsd', u32(0, 1), entry),
    box('stts', u32(0, 1, count, 1)),
    box('stsc', u32(0, 1, 1, count, 1)),
    box('stsz', u32(0, 2, count)),
    box('stco', u32(0, 1, at)),
  );
  const header = isAudio ? box('smhd', u32(0, 0)) : box('vmhd', u32(1, 0, 0));
  const dinf = box('dinf', box('dref', u32(0, 1), box('url ', u32(1))));
  return box('trak', tkhd, box('edts', elst), box('mdia', mdhd, hdlr, box('minf', header, dinf, stbl)));
};

/** Fragments of an MP4, of which only the times are real. */
export const fragmented = (
  firstTimesMs: Readonly<Record<number, number>>,
  tracks: readonly MovieTrack[],
): Buffer => {
  const whole = quickTime(tracks, { durationMs: 0 });
  const moofs = Object.entries(firstTimesMs).map(([id, ms]) =>
    box('moof', box('traf', box('tfhd', u32(0, Number(id))), box('tfdt', u32(0, (ms * RATE_HZ) / 1_000)))),
  );
  return Buffer.concat([whole, ...moofs]);
};

const element = (id: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts);
  const hex = id.toString(16);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length) | (1n << 56n));
  return Buffer.concat([Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'), size, body]);
};
const float = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes;
};
const CLUSTER_MS = 500;

/** A Matroska file of 16-bit PCM, a cluster every half second; video is blocks of nothing. */
export const matroska = (tracks: readonly MovieTrack[]): Buffer => {
  const durationMs = Math.max(...tracks.map(lengthMs), 0);
  const entries = tracks.map(({ kind }, i) =>
    element(
      0xae,
      element(0xd7, u16(i + 1)),
      element(0x73c5, u16(i + 1)),
      element(0x83, Buffer.from([kind === 'audio' ? 2 : 1])),
      element(0x86, Buffer.from(kind === 'audio' ? 'A_PCM/INT/LIT' : 'V_MJPEG')),
      kind === 'audio'
        ? element(0xe1, element(0xb5, float(RATE_HZ)), element(0x9f, u16(1)), element(0x6264, u16(16)))
        : element(0xe0, element(0xb0, u16(2)), element(0xba, u16(2))),
    ),
  );
  const clusters: Buffer[] = [];
  for (let atMs = 0; atMs < durationMs; atMs += CLUSTER_MS) {
    const blocks = tracks.flatMap(({ kind, samples = [], delayMs = 0 }, i) => {
      const from = ((atMs - delayMs) * RATE_HZ) / 1_000;
      const part = samples.slice(Math.max(0, from), Math.max(0, from + (CLUSTER_MS * RATE_HZ) / 1_000));
      if (kind === 'audio' ? part.length === 0 : atMs < delayMs) return [];
      return [
        element(0xa3, Buffer.from([0x80 | (i + 1), 0, 0, 0x80]), kind === 'audio' ? pcm(part) : u16(0)),
      ];
    });
    clusters.push(element(0x1f43b675, element(0xe7, u32(atMs)), ...blocks));
  }
  return Buffer.concat([
    element(
      0x1a45dfa3,
      element(0x4282, Buffer.from('matroska')),
      element(0x4287, Buffer.from([4])),
      element(0x4285, Buffer.from([2])),
    ),
    element(
      0x18538067,
      element(0x1549a966, element(0x2ad7b1, u32(1_000_000)), element(0x4489, float(durationMs))),
      element(0x1654ae6b, ...entries),
      ...clusters,
    ),
  ]);
};

/** `seconds` of a tone. */
export const tone = (hz: number, seconds: number): number[] =>
  Array.from({ length: seconds * RATE_HZ }, (_, i) => Math.sin((2 * Math.PI * hz * i) / RATE_HZ) / 2);
