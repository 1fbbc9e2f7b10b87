import {
  AV_CHANNEL_LAYOUT_MONO,
  AV_LOG_QUIET,
  AV_SAMPLE_FMT_FLTP,
  AVERROR_EAGAIN,
  AVMEDIA_TYPE_AUDIO,
} from 'node-av/constants';
import {
  Codec,
  CodecContext,
  Dictionary,
  FormatContext,
  Frame,
  Log,
  Packet,
  SoftwareResampleContext,
  type Stream,
} from 'node-av/lib';
import { concatSamples, sampleRateHz } from './audio.ts';

/** The bytes are not decodable audio. */
export class UndecodableError extends Error {
  override readonly name = 'UndecodableError';
}

/**
 * The containers that are opened. A closed list, because FFmpeg's playlist formats (HLS, concat, DASH) would let
 * a posted file name other files of this machine, or addresses of its network, to be read.
 */
const containers = [
  'aac,ac3,aiff,amr,ape,asf,au,avi,caf,flac,flv,gsm,matroska,webm,mov,mp4,m4a,3gp,3g2,mj2',
  'mp3,mpeg,mpegts,ogg,rm,tta,voc,w64,wav,wv,eac3,ircam,nut',
].join(',');

/** Shorter audio comes from random bytes or an empty recording. */
const leastSamples = sampleRateHz / 50;
/** Time stamps jump where a recorder paused: kept as silence up to this length, ignored beyond. */
const longestGapSeconds = 600;
const leastGapSeconds = 0.15;
const chunkSamples = sampleRateHz;
const mostChannels = 16;

/**
 * Decodes the first audio track of a file to 16 kHz, in chunks of about a second: one Float32Array per channel
 * (exactly one with `mix`), of equal length. A truncated file gives what is there.
 * @throws UndecodableError without decodable audio.
 */
export function* decodeAudio(path: string, options: { readonly mix: boolean }): Generator<Float32Array[]> {
  Log.setLevel(AV_LOG_QUIET);
  const input = new FormatContext();
  try {
    using settings = Dictionary.fromObject({ format_whitelist: containers, protocol_whitelist: 'file' });
    if (input.openInputSync(`file:${path}`, null, settings) < 0)
      throw new UndecodableError('unknown container');
    if (input.findStreamInfoSync() < 0) throw new UndecodableError('no stream information');
    const index = input.findBestStream(AVMEDIA_TYPE_AUDIO);
    const stream = input.streams[index];
    if (index < 0 || !stream) throw new UndecodableError('no audio track');
    yield* decodeStream(input, stream, options.mix);
  } finally {
    input.closeInputSync();
  }
}

function* decodeStream(input: FormatContext, stream: Stream, mix: boolean): Generator<Float32Array[]> {
  const codec = Codec.findDecoder(stream.codecpar.codecId);
  if (!codec) throw new UndecodableError('unknown audio codec');
  using decoder = new CodecContext();
  decoder.allocContext3(codec);
  if (decoder.parametersToContext(stream.codecpar) < 0) throw new UndecodableError('bad parameters');
  if (decoder.open2Sync(codec, null) < 0) throw new UndecodableError('decoder refused the track');
  using resampler = new Resampler(mix);
  using packet = new Packet();
  packet.alloc();
  using frame = new Frame();
  frame.alloc();
  const timeline = new Timeline(stream.timeBase.num / stream.timeBase.den);

  let waiting: Float32Array[][] = [];
  let waitingSamples = 0;
  let samples = 0;
  const take = (channels: Float32Array[]) => {
    const length = channels[0]?.length ?? 0;
    if (length === 0) return;
    waiting.push(channels);
    waitingSamples += length;
    samples += length;
  };

  for (let ended = false; !ended; ) {
    const read = input.readFrameSync(packet);
    // A read error ends the file: a truncated one is decoded up to its cut.
    ended = read < 0 && read !== AVERROR_EAGAIN;
    if (!ended && packet.streamIndex !== stream.index) {
      packet.unref();
      continue;
    }
    // A packet that does not decode is skipped, so that a damaged frame does not cost the rest.
    decoder.sendPacketSync(ended ? null : packet);
    packet.unref();
    while (decoder.receiveFrameSync(frame) >= 0) {
      for (const part of resampler.convert(frame, timeline.gapBefore(frame))) take(part);
      frame.unref();
    }
    if (waitingSamples >= chunkSamples) {
      yield concatChannels(waiting);
      waiting = [];
      waitingSamples = 0;
    }
  }
  for (const part of resampler.flush()) take(part);
  if (samples < leastSamples) throw new UndecodableError('no audio decodes');
  if (waitingSamples > 0) yield concatChannels(waiting);
}

/** Finds pauses of the recorder: time stamps ahead of the samples so far. */
class Timeline {
  readonly #secondsPerTick: number;
  #expectedSeconds: number | null = null;
  constructor(secondsPerTick: number) {
    this.#secondsPerTick = secondsPerTick;
  }
  /** Seconds of silence to add before this frame; 0 nearly always. */
  gapBefore(frame: Frame): number {
    const length = frame.nbSamples / frame.sampleRate;
    const startSeconds = Number(frame.bestEffortTimestamp) * this.#secondsPerTick;
    // FFmpeg's "no time stamp" is the most negative number.
    if (!Number.isFinite(startSeconds) || startSeconds < -1e9) {
      if (this.#expectedSeconds !== null) this.#expectedSeconds += length;
      return 0;
    }
    const gap = this.#expectedSeconds === null ? 0 : startSeconds - this.#expectedSeconds;
    if (gap >= leastGapSeconds && gap <= longestGapSeconds) {
      this.#expectedSeconds = startSeconds + length;
      return gap;
    }
    // Small differences are rounding and may add up to a gap; absurd ones restart the count.
    const keep = this.#expectedSeconds !== null && Math.abs(gap) < leastGapSeconds;
    this.#expectedSeconds = (keep ? (this.#expectedSeconds as number) : startSeconds) + length;
    return 0;
  }
}

/** Converts frames of any rate, layout and sample format to 16 kHz float planes. */
class Resampler {
  readonly #mix: boolean;
  #context: SoftwareResampleContext | null = null;
  #shape = '';
  #channels = 1;

  constructor(mix: boolean) {
    this.#mix = mix;
  }

  *convert(frame: Frame, gapSeconds: number): Generator<Float32Array[]> {
    const shape = `${frame.sampleRate} ${frame.channels} ${frame.format}`;
    if (shape !== this.#shape) {
      yield* this.flush();
      this.#open(frame);
      this.#shape = shape;
    }
    if (gapSeconds > 0) {
      const gap = Math.round(gapSeconds * sampleRateHz);
      yield Array.from({ length: this.#channels }, () => new Float32Array(gap));
    }
    yield this.#run(frame);
  }

  /** The rest in the filter. */
  *flush(): Generator<Float32Array[]> {
    if (this.#context) yield this.#run(null);
  }

  #open(frame: Frame): void {
    this.#context?.free();
    // A later change of layout must not change the number of channels.
    const channels = this.#mix ? 1 : this.#context ? this.#channels : Math.min(frame.channels, mostChannels);
    this.#channels = channels;
    const context = new SoftwareResampleContext();
    const input = frame.channelLayout;
    const output = channels === 1 ? AV_CHANNEL_LAYOUT_MONO : { ...input, nbChannels: channels };
    const format = frame.format as Parameters<typeof context.allocSetOpts2>[4];
    const set = context.allocSetOpts2(
      output,
      AV_SAMPLE_FMT_FLTP,
      sampleRateHz,
      input,
      format,
      frame.sampleRate,
    );
    if (set < 0 || context.init() < 0) throw new UndecodableError('sample format cannot be converted');
    this.#context = context;
  }

  #run(frame: Frame | null): Float32Array[] {
    const context = this.#context as SoftwareResampleContext;
    const room = context.getOutSamples(frame?.nbSamples ?? 0);
    const planes = Array.from({ length: this.#channels }, () => Buffer.alloc(Math.max(room, 1) * 4));
    const count = context.convertSync(planes, room, frame?.extendedData ?? null, frame?.nbSamples ?? 0);
    if (count < 0) return [];
    return planes.map((plane) => new Float32Array(plane.buffer, plane.byteOffset, count));
  }

  [Symbol.dispose](): void {
    this.#context?.free();
  }
}

/** Chunks one after the other, each a Float32Array a channel. */
const concatChannels = (chunks: readonly Float32Array[][]): Float32Array[] =>
  chunks[0]!.map((_, channel) => concatSamples(chunks.map((chunk) => chunk[channel]!)));
