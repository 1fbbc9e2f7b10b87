import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../test/support/free-port.ts';
import { temporaryDirectory } from '../test/support/temporary.ts';
import { type CommandLine, findFfmpeg, type Measured } from './audio/command-line.ts';
import { measureOnsets } from './audio/onsets.ts';
import { type BenchResult, isShort } from './result.ts';

/**
 * What a speaker who talks all the time costs (RTP in, decoded, gated, in pieces) beside a process of FFmpeg
 * for each speaker, fed by the same sender at the same time: the program itself where it is installed, and its
 * libraries in a process of Node's otherwise. And what the gate lets through of a meeting.
 */
export const name = 'audio of speakers';

const part = fileURLToPath(new URL('./audio/part.ts', import.meta.url));

export const run = async (): Promise<readonly BenchResult[]> => {
  const short = isShort();
  const { ours, ffmpeg, isProgram } = await measureCost({
    streams: 40,
    ffmpegStreams: 4,
    warmMs: 4_000,
    measuredMs: short ? 8_000 : 20_000,
  });
  const onsets = await measureOnsets(short ? 200 : 1_000);
  return [
    { figure: 'a speaker, decoded and gated', value: ours * 100, unit: '% core' },
    {
      figure: `a process a speaker: ${isProgram ? 'ffmpeg' : 'FFmpeg’s libraries'}`,
      value: ffmpeg * 100,
      unit: '% core',
    },
    { figure: 'a speaker over a process of FFmpeg', value: ours / ffmpeg, unit: '', goal: { atMost: 0.38 } },
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

interface Cost {
  /** Of one core, for one speaker. */
  readonly ours: number;
  readonly ffmpeg: number;
  readonly isProgram: boolean;
}

const measureCost = async (size: {
  streams: number;
  ffmpegStreams: number;
  warmMs: number;
  measuredMs: number;
}): Promise<Cost> => {
  const { directory, remove } = temporaryDirectory();
  const children: ChildProcess[] = [];
  const start = (...role: string[]): ChildProcess => {
    const environment = { WARM_MS: String(size.warmMs), MEASURED_MS: String(size.measuredMs) };
    const child = fork(part, role, { env: { ...process.env, ...environment } });
    children.push(child);
    return child;
  };
  const commandLine = findFfmpeg();
  const programs: CommandLine[] = [];
  try {
    const pipe = path.join(directory, 'packets');
    const ours = start('ours', pipe, String(size.streams));
    await answer(ours);
    const ffmpegPorts: number[] = [];
    const processes: ChildProcess[] = [];
    for (let at = 0; at < size.ffmpegStreams; at += 1) {
      const port = await freePort();
      const sdpFile = path.join(directory, `${at}.sdp`);
      writeFileSync(sdpFile, describe(port));
      ffmpegPorts.push(port);
      if (commandLine !== null) programs.push(commandLine(sdpFile));
      else processes.push(start('ffmpeg', sdpFile));
    }
    await answer(start('sender', pipe, ...[size.streams, ...ffmpegPorts].map(String)));
    const [ourCost, ...ffmpegCosts] = await Promise.all([
      answer<Measured>(ours),
      ...processes.map((child) => answer<Measured>(child)),
      ...programs.map((program) => program.measure(size.warmMs, size.measuredMs)),
    ]);
    return {
      ours: costOf([ourCost], size.streams * size.measuredMs),
      ffmpeg: costOf(ffmpegCosts, size.ffmpegStreams * size.measuredMs),
      isProgram: commandLine !== null,
    };
  } finally {
    for (const program of programs) program.close();
    await Promise.all(children.map(stop));
    remove();
  }
};

/** Processor time for each second of audio, so that a machine too busy to send it all changes nothing. */
const costOf = (measured: readonly Measured[], expectedMs: number): number => {
  const heardMs = measured.reduce((total, each) => total + each.heardMs, 0);
  if (heardMs < expectedMs / 2) throw new Error(`only ${heardMs} of ${expectedMs} ms were heard`);
  return measured.reduce((total, each) => total + each.tookMs, 0) / heardMs;
};

/** @see https://www.rfc-editor.org/rfc/rfc7587#section-7 */
const describe = (port: number): string =>
  [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=speaker',
    'c=IN IP4 127.0.0.1',
    't=0 0',
    `m=audio ${port} RTP/AVP 111`,
    'a=rtpmap:111 opus/48000/2',
    '',
  ].join('\r\n');

/** The next thing a part says. Rejects when it dies instead. */
const answer = <T>(child: ChildProcess): Promise<T> => {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const died = (code: number | null): void =>
    reject(new Error(`a part of the measurement ended with ${code}`));
  child.once('exit', died);
  child.once('message', (message) => {
    child.off('exit', died);
    resolve(message as T);
  });
  return promise;
};

const stop = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  // A part that waits inside FFmpeg hears nothing else.
  child.kill('SIGKILL');
  await gone;
};
