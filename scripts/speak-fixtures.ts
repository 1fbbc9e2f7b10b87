/**
 * Synthesizes the test fixtures and the workspace’s sample from test/fixtures/dialogues.ts. The results are committed:
 * run by hand when a dialogue changes. Needs Debian’s `flite` (apt-get install flite), whose output is deterministic.
 *
 *   node scripts/speak-fixtures.ts
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Decoder, Demuxer, Encoder, FilterAPI, Muxer } from 'node-av/api';
import {
  AV_PIX_FMT_YUV420P,
  FF_ENCODER_AAC,
  FF_ENCODER_LIBMP3LAME,
  FF_ENCODER_LIBOPUS,
  FF_ENCODER_LIBX264,
  FF_ENCODER_PCM_MULAW,
  type FFEncoderCodec,
} from 'node-av/constants';
import { Frame, Rational } from 'node-av/lib';
import {
  type Dialogue,
  oneWord,
  phoneCall,
  standUp,
  threeVoices,
  twoVoices,
  type Voice,
} from '../test/fixtures/dialogues.ts';
import { wavOf } from './wav.ts';

const rateHz = 16_000;
const fixtures = new URL('../test/fixtures/', import.meta.url).pathname;
const samples = new URL('../sandbox/samples/', import.meta.url).pathname;

interface Spoken {
  readonly speaker: string;
  readonly text: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly samples: Float32Array;
}

/** One line, without flite’s silence around it. */
const speak = async (voice: Voice, text: string, folder: string): Promise<Float32Array> => {
  const file = join(folder, 'line.wav');
  await promisify(execFile)('flite', ['-voice', voice, '-t', text, '-o', file]);
  const wav = await readFile(file);
  const pcm = new Int16Array(wav.buffer, wav.byteOffset + 44, (wav.length - 44) >> 1);
  const loud = (sample: number) => Math.abs(sample) > 60;
  const first = Math.max(pcm.findIndex(loud) - 160, 0);
  const last = Math.min(pcm.findLastIndex(loud) + 160, pcm.length);
  return Float32Array.from(pcm.subarray(first, last), (sample) => sample / 32_768);
};

const perform = async (dialogue: Dialogue, folder: string): Promise<Spoken[]> => {
  const spoken: Spoken[] = [];
  for (const { speaker, text, afterMs } of dialogue.lines) {
    const audio = await speak(dialogue.voices[speaker] as Voice, text, folder);
    const startMs = (spoken.at(-1)?.endMs ?? 0) + afterMs;
    const endMs = startMs + Math.round((audio.length / rateHz) * 1000);
    spoken.push({ speaker, text, startMs, endMs, samples: audio });
  }
  return spoken;
};

/** Mixes the lines; with `channels`, each speaker goes to a channel of their own. */
const mix = (
  spoken: readonly Spoken[],
  durationMs: number,
  channels: readonly string[] | null,
): Int16Array => {
  const count = channels?.length ?? 1;
  const length = Math.round((durationMs / 1000) * rateHz);
  const sum = new Float32Array(length * count);
  for (const one of spoken) {
    const channel = channels?.indexOf(one.speaker) ?? 0;
    const start = Math.round((one.startMs / 1000) * rateHz);
    one.samples.forEach((sample, i) => {
      const at = (start + i) * count + channel;
      if (at < sum.length) sum[at] = (sum[at] as number) + sample;
    });
  }
  return Int16Array.from(sum, (sample) => Math.max(-1, Math.min(1, sample * 0.8)) * 32_767);
};

const wavBytes = (pcm: Int16Array, channels: number): Buffer =>
  wavOf(Buffer.from(pcm.buffer), { sampleRateHz: rateHz, channels });

/** The reference transcript of a fixture. */
const scriptOf = (spoken: readonly Spoken[], durationMs: number, channels: readonly string[] | null) => {
  const speakingMs: Record<string, number> = {};
  for (const { speaker, startMs, endMs } of spoken)
    speakingMs[speaker] = (speakingMs[speaker] ?? 0) + endMs - startMs;
  const total = Object.values(speakingMs).reduce((sum, ms) => sum + ms, 0);
  return {
    durationMs,
    channels,
    shares: Object.fromEntries(Object.entries(speakingMs).map(([name, ms]) => [name, ms / total])),
    utterances: spoken.map(({ speaker, startMs, endMs, text }) => ({ speaker, startMs, endMs, text })),
  };
};

interface Encoding {
  readonly codec: FFEncoderCodec;
  readonly filter: string;
  readonly bitrate?: number;
  /** Adds a small image that changes slowly, so that the file is a video. */
  readonly picture?: true;
}

/** Puts a WAV into another container. */
const encode = async (from: string, to: string, encoding: Encoding): Promise<void> => {
  await using input = await Demuxer.open(from);
  const stream = input.audio()!;
  using decoder = await Decoder.create(stream);
  using filter = FilterAPI.create(encoding.filter);
  using encoder = await Encoder.create(encoding.codec, {
    decoder,
    filter,
    ...(encoding.bitrate ? { bitrate: encoding.bitrate } : {}),
  });
  await using output = await Muxer.open(to, encoding.picture ? {} : { input });
  const audioIndex = output.addStream(encoder);
  if (encoding.picture) await addPicture(output, Number(stream.duration) / rateHz);
  for await (using packet of encoder.packets(filter.frames(decoder.frames(input.packets(stream.index)))))
    if (packet) await output.writePacket(packet, audioIndex);
};

const addPicture = async (output: Muxer, seconds: number): Promise<void> => {
  const [width, height] = [64, 48];
  using encoder = await Encoder.create(FF_ENCODER_LIBX264, { bitrate: 8000 });
  const index = output.addStream(encoder);
  const pictures = async function* () {
    for (let second = 0; second < seconds; second++) {
      const plane = Buffer.alloc((width * height * 3) / 2, 128);
      plane.fill(40 + second * 4, 0, width * height);
      const frame = Frame.fromVideoBuffer(plane, {
        width,
        height,
        format: AV_PIX_FMT_YUV420P,
        timeBase: new Rational(1, 1),
      });
      frame.pts = BigInt(second);
      yield frame;
    }
    yield null;
  };
  for await (using packet of encoder.packets(pictures())) if (packet) await output.writePacket(packet, index);
};

const make = async (dialogue: Dialogue, folder: string, into: string, channels: readonly string[] | null) => {
  const spoken = await perform(dialogue, folder);
  const durationMs = (spoken.at(-1)?.endMs ?? 0) + dialogue.endMs;
  const wav = join(into, `${dialogue.name}.wav`);
  await writeFile(wav, wavBytes(mix(spoken, durationMs, channels), channels?.length ?? 1));
  return { wav, script: `${JSON.stringify(scriptOf(spoken, durationMs, channels), null, 2)}\n` };
};

const folder = await mkdtemp(join(tmpdir(), 'parley-speak-'));
try {
  for (const dialogue of [twoVoices, threeVoices, oneWord]) {
    const { script } = await make(dialogue, folder, fixtures, null);
    await writeFile(join(fixtures, `${dialogue.name}.script.json`), script);
  }

  const parties = ['Clerk', 'Customer'];
  const call = await make(phoneCall, folder, folder, parties);
  await encode(call.wav, join(fixtures, 'call-two-channels.wav'), {
    codec: FF_ENCODER_PCM_MULAW,
    filter: 'aresample=8000,aformat=sample_fmts=s16',
  });
  await writeFile(join(fixtures, 'call-two-channels.script.json'), call.script);

  await writeFile(join(fixtures, 'silence.wav'), wavBytes(new Int16Array(rateHz * 5), 1));
  await writeFile(
    join(fixtures, 'silence.script.json'),
    `${JSON.stringify(scriptOf([], 5000, null), null, 2)}\n`,
  );

  const spokenWav = join(fixtures, 'two-voices.wav');
  const containers: Record<string, Encoding> = {
    mp3: {
      codec: FF_ENCODER_LIBMP3LAME,
      filter: 'aresample=44100,aformat=sample_fmts=fltp',
      bitrate: 48_000,
    },
    m4a: { codec: FF_ENCODER_AAC, filter: 'aresample=44100,aformat=sample_fmts=fltp', bitrate: 48_000 },
    mp4: {
      codec: FF_ENCODER_AAC,
      filter: 'aresample=48000,aformat=sample_fmts=fltp',
      bitrate: 48_000,
      picture: true,
    },
    webm: { codec: FF_ENCODER_LIBOPUS, filter: 'aresample=48000,aformat=sample_fmts=flt', bitrate: 32_000 },
    ogg: { codec: FF_ENCODER_LIBOPUS, filter: 'aresample=48000,aformat=sample_fmts=flt', bitrate: 24_000 },
  };
  for (const [extension, encoding] of Object.entries(containers))
    await encode(spokenWav, join(fixtures, `two-voices.${extension}`), encoding);

  const sample = await make(standUp, folder, folder, null);
  await encode(sample.wav, join(samples, `${standUp.name}.mp3`), containers.mp3 as Encoding);
  await writeFile(join(samples, `${standUp.name}.script.json`), sample.script);
} finally {
  await rm(folder, { recursive: true, force: true });
}
