import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

export interface Measured {
  /** Processor time. */
  readonly tookMs: number;
  /** Audio that was decoded in it, of all streams together. */
  readonly heardMs: number;
}

/** An `ffmpeg` that decodes one stream to where we read it. */
export interface CommandLine {
  measure(warmMs: number, measuredMs: number): Promise<Measured>;
  close(): void;
}

/** How to start one, or null when there is none on PATH. Its processor time is read where Linux keeps it. */
export const findFfmpeg = (): ((sdpFile: string) => CommandLine) | null => {
  if (process.platform !== 'linux') return null;
  if (spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status !== 0) return null;
  return (sdpFile) => {
    const input = [
      '-protocol_whitelist',
      'file,udp,rtp',
      '-probesize',
      '32',
      '-analyzeduration',
      '0',
      '-i',
      sdpFile,
    ];
    const output = ['-ac', '1', '-ar', '16000', '-f', 's16le', 'pipe:1'];
    const child = spawn('ffmpeg', ['-loglevel', 'quiet', ...input, ...output], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let heardBytes = 0;
    child.stdout.on('data', (pcm: Buffer) => {
      heardBytes += pcm.length;
    });
    return {
      async measure(warmMs, measuredMs) {
        await wait(warmMs);
        const before = processorMs(child.pid!);
        heardBytes = 0;
        await wait(measuredMs);
        return { tookMs: processorMs(child.pid!) - before, heardMs: heardBytes / 32 };
      },
      close: () => void child.kill('SIGKILL'),
    };
  };
};

/** Linux counts a process's time in hundredths of a second, whatever its own clock does. */
const TICK_MS = 10;

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 14 and 15 */
const processorMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name in parentheses may hold spaces; what follows it begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
};
