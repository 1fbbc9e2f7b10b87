import { describe, expect, it } from 'vitest';
import { detectContent } from '../../src/speech/content.ts';
import { noise, shortWav } from './support.ts';

const ascii = (text: string): Buffer => Buffer.from(text, 'latin1');
const padded = (...parts: (string | number[] | Buffer)[]): Buffer =>
  Buffer.concat([
    ...parts.map((part) => (typeof part === 'string' ? ascii(part) : Buffer.from(part))),
    Buffer.alloc(4_200),
  ]);
const box = (type: string, ...content: Buffer[]): Buffer => {
  const body = Buffer.concat(content);
  const head = Buffer.alloc(8);
  head.writeUInt32BE(8 + body.length);
  head.write(type, 4);
  return Buffer.concat([head, body]);
};
const ftyp = (brand: string): Buffer => box('ftyp', ascii(`${brand}\0\0\x02\0${brand}isom`));
const ebml = (docType: string): Buffer =>
  Buffer.concat([
    Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x80 | (3 + docType.length), 0x42, 0x82, 0x80 | docType.length]),
    ascii(docType),
    Buffer.alloc(64),
  ]);
const ogg = (codec: string): Buffer =>
  Buffer.concat([
    ascii('OggS\0\x02'),
    Buffer.alloc(20),
    Buffer.from([1, codec.length]),
    ascii(codec),
    Buffer.alloc(64),
  ]);
/** MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes a frame. */
const mp3Frames = (count: number): Buffer =>
  Buffer.concat(
    Array.from({ length: count }, () =>
      Buffer.concat([Buffer.from([0xff, 0xfb, 0x90, 0x64]), Buffer.alloc(413)]),
    ),
  );
const id3 = (tagBytes: number): Buffer =>
  Buffer.concat([
    ascii('ID3\x04\0\0'),
    Buffer.from([21, 14, 7, 0].map((shift) => (tagBytes >> shift) & 0x7f)),
    Buffer.alloc(tagBytes, 1),
  ]);
const asf = Buffer.from('3026b2758e66cf11a6d900aa0062ce6c', 'hex');

describe('recordings of every usual kind', () => {
  it.each<[string, Buffer]>([
    ['WAV', shortWav()],
    ['WAV of more than 4 GB', padded('RF64\xff\xff\xff\xffWAVE')],
    ['MP3 without a tag', mp3Frames(10)],
    ['MP3 with a tag', Buffer.concat([id3(300), mp3Frames(10)])],
    [
      'MP3 with a picture longer than what is looked at',
      Buffer.concat([id3(2_000_000)]).subarray(0, 1_048_576),
    ],
    ['MP3 with stray bytes in front', Buffer.concat([Buffer.from([1, 2, 3]), mp3Frames(10)])],
    ['MP3 with silence in front', Buffer.concat([Buffer.alloc(500), mp3Frames(10)])],
    ['AAC in ADTS', padded([0xff, 0xf1, 0x50, 0x80, 0x02, 0x1f, 0xfc])],
    ['FLAC', padded('fLaC\0\0\0\x22')],
    ['Ogg Vorbis', ogg('\x01vorbis')],
    ['Opus', ogg('OpusHead')],
    ['M4A', padded(ftyp('M4A '))],
    ['MP4', padded(ftyp('isom'))],
    ['MOV', padded(ftyp('qt  '))],
    ['MOV of old', padded(box('moov', box('mvhd', Buffer.alloc(100))))],
    ['3GP', padded(ftyp('3gp4'))],
    ['WebM', padded(ebml('webm'))],
    ['Matroska', padded(ebml('matroska'))],
    ['AMR', padded('#!AMR\n')],
    ['AIFF', padded('FORM\0\0\x10\0AIFF')],
    ['AVI', padded('RIFF\0\0\x10\0AVI LIST')],
    ['WMA with a damaged header', padded(asf)],
    ['AU', padded('.snd\0\0\0\x18')],
    ['CAF', padded('caff\0\x01\0\0desc')],
  ])('%s is one', async (_, bytes) => {
    expect(await detectContent(bytes)).toMatchObject({
      kind: 'recording',
      mimeType: expect.stringMatching(/^(audio|video|application)\/[\w.+-]+$/),
    });
  });
});

describe('what is no recording', () => {
  it.each<[string, Buffer]>([
    ['text', ascii('[00:01] Ann: good morning everyone')],
    ['text', Buffer.from('会議の議事録 — 👩‍👩‍👧 '.repeat(400))],
    ['text', Buffer.from('\ufeffUTF-16 as Windows writes it', 'utf16le')],
    ['text', ascii('WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n')],
    ['a web page', ascii('\n<!DOCTYPE html><html><title>Sign in</title>')],
    ['a PDF', padded('%PDF-1.7\n')],
    [
      'an image',
      padded(
        [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
        '\0\0\0\rIHDR',
        '\0\0\0\x01\0\0\0\x01',
        '\0\0\0\0IDAT',
      ),
    ],
    ['an image', padded(ftyp('heic'))],
    ['sheet music', padded('MThd\0\0\0\x06')],
    ['a program', padded('\x7fELF')],
  ])('%j is what it looks like', async (looksLike, bytes) => {
    expect(await detectContent(bytes)).toEqual({ kind: 'other', looksLike });
  });
});

describe('what cannot be recognised', () => {
  const random = noise(7);
  const rubbish = (length: number) =>
    Buffer.from(Array.from({ length }, () => Math.floor((random() + 1) * 127)));
  it.each<[string, Buffer]>([
    ['noise', rubbish(5_000)],
    ['zeros', Buffer.alloc(5_000)],
    [
      'an MP3 from the middle of a frame on',
      Buffer.concat([rubbish(700), Buffer.from([0xff, 0xfb, 0x90, 0x64])]),
    ],
    ['a server’s answer with its header', Buffer.concat([ascii('HTTP/1.1 200 OK\r\n\r\n'), rubbish(5_000)])],
    ['Wave64', padded('riff', [0x2e, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb])],
    ['True Audio', padded('TTA1\x01\0\x01\0')],
    [
      'Matroska with a damaged header',
      padded([0x1a, 0x45, 0xdf, 0xa3, 0xff, 0xff, 0xff], rubbish(64).toString('latin1')),
    ],
  ])('%s is the engine’s to judge', async (_, bytes) => {
    expect((await detectContent(bytes)).kind).not.toBe('other');
  });
});
