import { readFile } from 'node:fs/promises';
import tokenizer from 'llama-tokenizer-js';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sampleRateHz } from '../../../common/audio.ts';
import { moonshineFiles } from '../model-files.ts';

/** `base` is more accurate, `tiny` twice as fast. Both are English only. */
export type MoonshineSize = 'tiny' | 'base';

export interface RecognizedWord {
  /** As the model writes it, with capitals and punctuation. */
  readonly text: string;
  /** 0 to 1: the least confident of its tokens. */
  readonly confidence: number;
}

/** Voice vectors of windows, for diarization: `count` rows of `voiceSize` numbers. */
export interface VoiceVectors {
  readonly vectors: Float32Array;
  readonly count: number;
}
/** Numbers in one voice vector: the width of the tiny encoder. */
export const voiceSize = 288;
/** Length and hop of the windows: long enough for a voice, short enough for a change of speaker. */
export const voiceWindowSeconds = 2.4;
export const voiceHopSeconds = 0.6;

const shapes = {
  tiny: { layers: 6, heads: 8, headSize: 36 },
  base: { layers: 8, heads: 8, headSize: 52 },
} as const;

const startToken = 1;
const endToken = 2;
/** Speech is never faster; more tokens mean that the model repeats itself. */
const tokensPerSecond = 6.5;
/** The encoder's convolutions need this much; shorter audio is padded. */
const leastSamples = sampleRateHz / 2;
/** One frame of the encoder covers this many samples. */
const samplesPerFrame = 384;
/** The output of the encoder's first layer, which describes the voice more than the words. */
const voiceLayer = '/layers.0/Add_1_output_0';

/** One thread a session: more slow each other down on a busy machine. */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
};

/**
 * The recognition model. It blocks its thread, so it belongs in a worker.
 * @see https://arxiv.org/abs/2410.15608
 */
export class Moonshine {
  readonly #size: MoonshineSize;
  readonly #encoder: InferenceSession;
  readonly #decoder: InferenceSession;

  private constructor(size: MoonshineSize, encoder: InferenceSession, decoder: InferenceSession) {
    this.#size = size;
    this.#encoder = encoder;
    this.#decoder = decoder;
  }

  static async load(size: MoonshineSize): Promise<Moonshine> {
    const files = moonshineFiles(size);
    const encoderBytes = await readFile(files.encoder);
    const encoder = await InferenceSession.create(
      size === 'tiny' ? exposeOutput(encoderBytes, voiceLayer) : encoderBytes,
      sessionOptions,
    );
    const decoder = await InferenceSession.create(files.decoder, sessionOptions);
    return new Moonshine(size, encoder, decoder);
  }

  /** The words of a speech segment (at most about 15 s, mono, 16 kHz). */
  async transcribe(samples: Float32Array): Promise<RecognizedWord[]> {
    const { last_hidden_state: hidden } = await this.#encoder.run(audioInput(samples));
    const { ids, confidences } = await this.#decode(hidden as Tensor, samples.length);
    return toWords(ids, confidences);
  }

  /** The voice vector of each window of a speech segment; the tiny model only. */
  async voices(samples: Float32Array): Promise<VoiceVectors> {
    const outputs = await this.#encoder.run(audioInput(samples), [voiceLayer]);
    const layer = outputs[voiceLayer] as Tensor;
    return poolWindows(layer.data as Float32Array, layer.dims[1] as number);
  }

  async #decode(hidden: Tensor, sampleCount: number): Promise<{ ids: number[]; confidences: number[] }> {
    const most = Math.max(Math.ceil((sampleCount / sampleRateHz) * tokensPerSecond), 4);
    const cache = this.#emptyCache();
    const ids: number[] = [];
    const confidences: number[] = [];
    let token = startToken;
    for (let step = 0; step < most; step++) {
      const outputs = await this.#decoder.run({
        ...cache,
        input_ids: new Tensor('int64', [BigInt(token)], [1, 1]),
        encoder_hidden_states: hidden,
        use_cache_branch: new Tensor('bool', [step > 0]),
      });
      const best = pickBest((outputs.logits as Tensor).data as Float32Array);
      if (best.token === endToken) break;
      token = best.token;
      ids.push(token);
      confidences.push(best.probability);
      for (const name of Object.keys(cache)) {
        // The encoder's half of the cache is written by the first step; later steps return it empty.
        if (step > 0 && name.includes('.encoder.')) continue;
        cache[name] = outputs[name.replace('past_key_values', 'present')] as Tensor;
      }
    }
    return { ids, confidences };
  }

  #emptyCache(): Record<string, Tensor> {
    const { layers, heads, headSize } = shapes[this.#size];
    const cache: Record<string, Tensor> = {};
    for (let layer = 0; layer < layers; layer++)
      for (const side of ['decoder', 'encoder'])
        for (const part of ['key', 'value'])
          cache[`past_key_values.${layer}.${side}.${part}`] = new Tensor('float32', new Float32Array(0), [
            0,
            heads,
            1,
            headSize,
          ]);
    return cache;
  }
}

const audioInput = (samples: Float32Array): { input_values: Tensor } => {
  let padded = samples;
  if (samples.length < leastSamples) {
    padded = new Float32Array(leastSamples);
    padded.set(samples);
  }
  return { input_values: new Tensor('float32', padded, [1, padded.length]) };
};

const pickBest = (logits: Float32Array): { token: number; probability: number } => {
  let token = 0;
  let highest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < logits.length; i++) {
    const logit = logits[i] as number;
    if (logit > highest) {
      highest = logit;
      token = i;
    }
  }
  let sum = 0;
  for (let i = 0; i < logits.length; i++) sum += Math.exp((logits[i] as number) - highest);
  return { token, probability: 1 / sum };
};

/** A word starts at each token with the tokenizer's mark for a space. */
const toWords = (ids: readonly number[], confidences: readonly number[]): RecognizedWord[] => {
  const groups: { ids: number[]; confidence: number }[] = [];
  ids.forEach((id, i) => {
    const confidence = confidences[i] as number;
    const last = groups.at(-1);
    if (last && !tokenizer.vocabById[id]?.startsWith('▁')) {
      last.ids.push(id);
      last.confidence = Math.min(last.confidence, confidence);
    } else groups.push({ ids: [id], confidence });
  });
  return groups
    .map((group) => ({
      text: tokenizer.decode(group.ids, false, false).trim(),
      confidence: group.confidence,
    }))
    .filter((word) => word.text !== '');
};

const poolWindows = (frames: Float32Array, frameCount: number): VoiceVectors => {
  const window = Math.round((voiceWindowSeconds * sampleRateHz) / samplesPerFrame);
  const hop = Math.round((voiceHopSeconds * sampleRateHz) / samplesPerFrame);
  const count = frameCount <= window ? 1 : Math.ceil((frameCount - window) / hop) + 1;
  const vectors = new Float32Array(count * voiceSize);
  for (let row = 0; row < count; row++) {
    const from = row * hop;
    const to = Math.min(from + window, frameCount);
    for (let frame = from; frame < to; frame++)
      for (let i = 0; i < voiceSize; i++)
        vectors[row * voiceSize + i]! += frames[frame * voiceSize + i]! / (to - from);
  }
  return { vectors, count };
};

/**
 * Makes an inner value of an ONNX graph an output. A model is a protobuf, which merges repeated message fields: a second
 * `graph` field with a single `output` adds that output.
 */
export const exposeOutput = (model: Uint8Array, name: string): Uint8Array => {
  const field = (tag: number, bytes: Uint8Array): Uint8Array =>
    Buffer.concat([Uint8Array.of(tag, ...varint(bytes.length)), bytes]);
  const valueInfo = field(0x0a, Buffer.from(name));
  const graph = field(0x62, valueInfo);
  return Buffer.concat([model, field(0x3a, graph)]);
};

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
