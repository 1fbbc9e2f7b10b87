import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from '../test/support/free-port.ts';
import { temporaryDirectory } from '../test/support/temporary.ts';
import { type CommandLine, findFfmpeg, type Measured } from './audio/command-line.ts';
import { measureOnsets } from './audio/onsets.ts';
import type { Cost as OurCost } from './captions/ours.ts';
import { type BenchResult, isShort } from './result.ts';
import { answer, ask, createParts } from './support/parts.ts';
import type { Microphone } from './support/rtp.ts';

/**
 * What a continuous speaker costs, from RTP into the media worker to chunks of 16 kHz audio (tapped,
 * decoded, gated), beside a process of FFmpeg for each speaker that does the same without worker and gate, fed by the
 * same sender at the same time: the program itself where it is installed, and its libraries in a process of Node's
 * otherwise. Then the same with all that follows, to captions on a page, which FFmpeg's process does not do. And what
 * the gate passes of a meeting.
 */
export const name = 'audio of speakers';

const part = new URL('./audio/part.ts', import.meta.url);

export const run = async (): Promise<readonly BenchResult[]> => {
  const short = isShort();
  const { toPieces, toCaptions, ffmpeg, isProgram } = await measureCost({
    speakers: 40,
    ffmpegSpeakers: 4,
    warmMs: 4_000,
    measuredMs: short ? 5_000 : 20_000,
  });
  const onsets = await measureOnsets(short ? 100 : 1_000);
  return [
    { figure: 'a speaker: in the media worker', value: toPieces.worker * 100, unit: '% core' },
    { figure: 'a speaker: tapped, decoded, gated', value: toPieces.node * 100, unit: '% core' },
    {
      figure: `a process a speaker: ${isProgram ? 'ffmpeg' : 'FFmpeg’s libraries'}`,
      value: ffmpeg * 100,
      unit: '% core',
    },
    {
      figure: 'a speaker, both, over a process of FFmpeg',
      value: allOf(toPieces) / ffmpeg,
      unit: '',
      goal: { atMost: 0.38 },
    },
    { figure: 'a speaker: all of it, to captions', value: allOf(toCaptions) * 100, unit: '% core' },
    {
      figure: 'the same over FFmpeg, which sends nothing',
      value: allOf(toCaptions) / ffmpeg,
      unit: '',
    },
    {
      figure: 'audio sent over speech (turns of three sentences)',
      value: onsets.sentMs / onsets.turnMs,
      unit: '',
      goal: { atMost: 1.15 },
    },
    { figure: 'speech of all the audio', value: onsets.turnMs / onsets.totalMs, unit: '' },
    { figure: `cut beginnings of ${onsets.sentences}`, value: onsets.cut, unit: '', goal: { atMost: 0 } },
  ];
};

/** Of one core, for one speaker. */
interface Share {
  readonly node: number;
  readonly worker: number;
}
const allOf = ({ node, worker }: Share): number => node + worker;

interface Costs {
  readonly toPieces: Share;
  readonly toCaptions: Share;
  readonly ffmpeg: number;
  readonly isProgram: boolean;
}

const measureCost = async (size: {
  readonly speakers: number;
  readonly ffmpegSpeakers: number;
  readonly warmMs: number;
  readonly measuredMs: number;
}): Promise<Costs> => {
  const { warmMs, measuredMs } = size;
  const { directory, remove } = temporaryDirectory();
  const parts = createParts();
  const commandLine = findFfmpeg();
  const programs: CommandLine[] = [];
  try {
    const engine = parts.start(new URL('./captions/engine.ts', import.meta.url), ['0']);
    const startOurs = async (engineUrl: string) => {
      const child = parts.start(new URL('./captions/ours.ts', import.meta.url), [
        engineUrl,
        String(size.speakers),
      ]);
      return { child, ...(await answer<{ microphones: readonly Microphone[] }>(child)) };
    };
    const withoutEngine = await startOurs('');
    const withEngine = await startOurs(await answer<string>(engine));
    const ffmpegMicrophones: Microphone[] = [];
    const processes: Promise<Measured>[] = [];
    for (let at = 0; at < size.ffmpegSpeakers; at += 1) {
      const port = await freePort();
      const sdpFile = path.join(directory, `${at}.sdp`);
      writeFileSync(sdpFile, describe(port));
      ffmpegMicrophones.push({ port, ssrc: at + 1, payloadType: PAYLOAD_TYPE });
      if (commandLine !== null) programs.push(commandLine(sdpFile));
      else processes.push(answer(parts.start(part, ['ffmpeg', sdpFile, String(warmMs), String(measuredMs)])));
    }
    const sender = parts.start(part, ['sender']);
    await answer(sender);
    await ask(
      sender,
      [withoutEngine, withEngine].flatMap(({ microphones }) => microphones).concat(ffmpegMicrophones),
    );
    const costOfOurs = async ({ child }: typeof withEngine): Promise<Share> => {
      await wait(warmMs);
      await ask(child, {});
      await wait(measuredMs);
      const { nodeMs, workerMs, heardMs } = await ask<OurCost>(child, {});
      const of = (tookMs: number): number => costOf([{ tookMs, heardMs }], size.speakers * measuredMs);
      return { node: of(nodeMs), worker: of(workerMs) };
    };
    const [toPieces, toCaptions, ffmpegCosts] = await Promise.all([
      costOfOurs(withoutEngine),
      costOfOurs(withEngine),
      Promise.all([...processes, ...programs.map((program) => program.measure(warmMs, measuredMs))]),
    ]);
    const ffmpeg = costOf(ffmpegCosts, size.ffmpegSpeakers * measuredMs);
    return { toPieces, toCaptions, ffmpeg, isProgram: commandLine !== null };
  } finally {
    for (const program of programs) program.close();
    await parts.stop();
    remove();
  }
};

/** Processor time for each second of audio, so that a machine too busy to send it all changes nothing. */
const costOf = (measured: readonly Measured[], expectedMs: number): number => {
  const heardMs = measured.reduce((total, each) => total + each.heardMs, 0);
  if (heardMs < expectedMs / 2) throw new Error(`only ${heardMs} of ${expectedMs} ms arrived`);
  return measured.reduce((total, each) => total + each.tookMs, 0) / heardMs;
};

const PAYLOAD_TYPE = 111;

/** @see https://www.rfc-editor.org/rfc/rfc7587#section-7 */
const describe = (port: number): string =>
  [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=speaker',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP ${PAYLOAD_TYPE}`,
    `a=rtpmap:${PAYLOAD_TYPE} opus/48000/2`,
    '',
  ].join('\r\n');
