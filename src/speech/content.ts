import { fileTypeFromBuffer } from 'file-type';

/** What a file is by its first bytes, whatever its name. */
export type Content =
  | { readonly kind: 'recording'; readonly mimeType: string }
  /** `looksLike` completes "This file is …": "a PDF", "text". */
  | { readonly kind: 'other'; readonly looksLike: string }
  | { readonly kind: 'unknown' };

/** Detects a file's type by its beginning: 4 KB are enough for most formats, tags and album art need more. */
export const detectContent = async (beginning: Uint8Array): Promise<Content> => {
  // Some encoders and cuts leave a few bytes before the first MPEG frame; file-type advises 10.
  const type = await fileTypeFromBuffer(beginning, { mpegOffsetTolerance: 10 }).catch(() => undefined);
  if (type !== undefined) {
    return isRecording(type.mime)
      ? { kind: 'recording', mimeType: type.mime.split(';')[0]! }
      : { kind: 'other', looksLike: describe(type.mime, type.ext) };
  }
  const known = magicOf(beginning);
  if (known !== null) return { kind: 'recording', mimeType: known };
  const text = describeText(beginning);
  return text === null ? { kind: 'unknown' } : { kind: 'other', looksLike: text };
};

/** Audio and video by type, and the containers with another registered type. */
const isRecording = (mimeType: string): boolean =>
  (/^(?:audio|video)\//.test(mimeType) && !SCORES.has(mimeType)) || CONTAINERS.has(mimeType);

const CONTAINERS: ReadonlySet<string> = new Set([
  'application/ogg',
  'application/vnd.ms-asf',
  'application/mxf',
  'application/vnd.rn-realmedia',
]);

/** Audio by type only: they hold notes for an instrument, and no speech. */
const SCORES: ReadonlySet<string> = new Set(['audio/midi', 'audio/x-it', 'audio/x-s3m', 'audio/x-xm']);

/** Recordings that file-type does not know, or whose tags are longer than the beginning it was given. */
const magicOf = (bytes: Uint8Array): string | null => {
  if (startsWith(bytes, 'ID3')) return 'audio/mpeg';
  if (startsWith(bytes, '.snd')) return 'audio/basic';
  if (startsWith(bytes, 'RIFX') || startsWith(bytes, 'RF64') || startsWith(bytes, 'BW64')) return 'audio/wav';
  // file-type rejects a damaged ASF header, which the engine may still read.
  if (ASF_HEADER.every((byte, i) => bytes[i] === byte)) return 'video/x-ms-asf';
  return startsWithSilenceThenMpegFrames(bytes) ? 'audio/mpeg' : null;
};

/** The GUID of an ASF header object, which begins every WMA and WMV file. */
const ASF_HEADER = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');

const startsWith = (bytes: Uint8Array, text: string): boolean =>
  String.fromCharCode(...bytes.subarray(0, text.length)) === text;

/**
 * Some recorders pad the beginning of an MP3 with zeros. A frame header is eleven set bits and would be found in any
 * noise, so another frame must begin exactly where the first ends.
 */
const startsWithSilenceThenMpegFrames = (bytes: Uint8Array): boolean => {
  const first = bytes.findIndex((byte) => byte !== 0);
  if (first < 0) return false;
  const length = mpegLayer3FrameBytes(bytes, first);
  return length !== null && mpegLayer3FrameBytes(bytes, first + length) !== null;
};

/** The length of the MPEG layer III frame at `at`, or null when none begins there. */
const mpegLayer3FrameBytes = (bytes: Uint8Array, at: number): number | null => {
  const [a = 0, b = 0, c = 0] = bytes.subarray(at, at + 3);
  if (a !== 0xff || (b & 0xe6) !== 0xe2) return null;
  const version = (b >> 3) & 3;
  if (version === 1) return null;
  const kbps = (version === 3 ? KBPS_MPEG1 : KBPS_MPEG2)[c >> 4];
  const baseHz = [44_100, 48_000, 32_000][(c >> 2) & 3];
  if (!kbps || baseHz === undefined) return null;
  const sampleRateHz = baseHz / (version === 3 ? 1 : version === 2 ? 2 : 4);
  return Math.floor(((version === 3 ? 144_000 : 72_000) * kbps) / sampleRateHz) + ((c >> 1) & 1);
};
const KBPS_MPEG1 = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320];
const KBPS_MPEG2 = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];

const describe = (mimeType: string, extension: string): string => {
  if (mimeType === 'application/pdf') return 'a PDF';
  if (mimeType === 'application/zip') return 'a ZIP archive';
  if (mimeType.startsWith('image/')) return 'an image';
  if (mimeType.startsWith('font/')) return 'a font';
  if (mimeType.startsWith('text/') || mimeType === 'application/xml') return 'text';
  if (SCORES.has(mimeType)) return 'sheet music';
  if (/wordprocessing|opendocument\.text|ms-word|rtf/.test(mimeType)) return 'a text document';
  if (/spreadsheet|ms-excel|numbers/.test(mimeType)) return 'a spreadsheet';
  if (/presentation|powerpoint|keynote/.test(mimeType)) return 'a presentation';
  if (/x-(?:elf|mach-binary|msdownload)$/.test(mimeType)) return 'a program';
  return `a file of the type ${extension.toUpperCase()}`;
};

/** "text" or "a web page"; null for bytes that are not text either. */
const describeText = (bytes: Uint8Array): string | null => {
  const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (utf16) return 'text';
  let text: string;
  try {
    // `stream` accepts a character that is cut at the end, `fatal` rejects all else that is invalid.
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, 4_096), { stream: true });
  } catch {
    return null;
  }
  // Text has no control characters other than white space.
  if (/\p{Cc}/u.test(text.replace(/\s/g, ''))) return null;
  return /^\s*<(?:!doctype html|html|head|body)\b/i.test(text) ? 'a web page' : 'text';
};
