import { AV_CHANNEL_LAYOUT_MONO, AV_SAMPLE_FMT_FLT, AV_SAMPLE_FMT_FLTP } from 'node-av/constants';
import { SoftwareResampleContext } from 'node-av/lib';
import { sampleRateHz } from '../../../common/audio.ts';
import { MULAW_TO_LINEAR } from '../../../common/g711.ts';

/** Raw audio of a live stream: one channel, no container. */
export interface StreamFormat {
  readonly encoding: 'linear16' | 'mulaw';
  readonly sampleRateHz: number;
}

/** Decodes a live stream to 16 kHz floats, wherever its messages are cut. */
export class StreamDecoder {
  readonly #encoding: StreamFormat['encoding'];
  readonly #resampler: SoftwareResampleContext | null;
  /** Half a sample, when a message ends within one. */
  #odd: Uint8Array = new Uint8Array(0);

  constructor(format: StreamFormat) {
    this.#encoding = format.encoding;
    this.#resampler = format.sampleRateHz === sampleRateHz ? null : new SoftwareResampleContext();
    this.#resampler?.allocSetOpts2(
      AV_CHANNEL_LAYOUT_MONO,
      AV_SAMPLE_FMT_FLTP,
      sampleRateHz,
      AV_CHANNEL_LAYOUT_MONO,
      AV_SAMPLE_FMT_FLT,
      format.sampleRateHz,
    );
    this.#resampler?.init();
  }

  decode(bytes: Uint8Array): Float32Array {
    const samples =
      this.#encoding === 'mulaw'
        ? Float32Array.from(bytes, (code) => MULAW_TO_LINEAR[code]! / 32_768)
        : this.#linear16(bytes);
    if (!this.#resampler || samples.length === 0) return samples;
    const room = this.#resampler.getOutSamples(samples.length);
    const output = Buffer.alloc(Math.max(room, 1) * 4);
    const count = this.#resampler.convertSync([output], room, [Buffer.from(samples.buffer)], samples.length);
    return new Float32Array(output.buffer, output.byteOffset, Math.max(count, 0));
  }

  close(): void {
    this.#resampler?.free();
  }

  #linear16(bytes: Uint8Array): Float32Array {
    const all = this.#odd.length === 0 ? bytes : Buffer.concat([this.#odd, bytes]);
    const count = all.length >> 1;
    this.#odd = all.slice(count * 2);
    const view = new DataView(all.buffer, all.byteOffset, count * 2);
    return Float32Array.from({ length: count }, (_, i) => view.getInt16(i * 2, true) / 32_768);
  }
}
