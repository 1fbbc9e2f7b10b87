import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/clock.ts';
import type { ConversationId, LegId } from '../../src/core/ids.ts';
import type { LiveStream, PhoneParticipant } from '../../src/core/ports.ts';
import { createRooms } from '../../src/media/rooms.ts';
import { createLiveSpeech, type LiveSpeech } from '../../src/speech/live/index.ts';
import { mulawOf } from '../../test/media/phones/support.ts';
import { silentLog, startWorkers } from '../../test/media/support.ts';

const FRAME_MS = 20;
const FRAME_BYTES = 160;

export interface CaptionCost {
  /** Of one core, workers included: phones that speak in meetings, captions off. */
  readonly bare: number;
  /** The same with captions. */
  readonly captioned: number;
  readonly spokenBytes: number;
  /** Sent to the engine and not received; dropped audio counts too. */
  readonly lostBytes: number;
}

/** Phones in a meeting each, all talking all the time. */
export const measureCaptions = async (size: {
  readonly phones: number;
  readonly measuredMs: number;
}): Promise<CaptionCost> => {
  const engine = fork(fileURLToPath(new URL('./engine.ts', import.meta.url)));
  try {
    const [{ url, apiKey }] = (await once(engine, 'message')) as [{ url: string; apiKey: string }];
    const speech = createLiveSpeech({
      apiKey,
      baseUrl: url,
      maxStreams: size.phones,
      clock: systemClock,
      log: silentLog,
    });
    const bare = await talk(size, null);
    const captioned = await talk(size, speech);
    await speech.close();
    const arrivedBytes = await bytesAt(engine);
    return {
      bare: bare.cost,
      captioned: captioned.cost,
      spokenBytes: captioned.spokenBytes,
      lostBytes: captioned.sentBytes - arrivedBytes + captioned.givenUpMs * 8,
    };
  } finally {
    engine.kill();
  }
};

const talk = async (
  { phones, measuredMs }: { readonly phones: number; readonly measuredMs: number },
  speech: LiveSpeech | null,
) => {
  const workers = await startWorkers(2);
  const rooms = createRooms({
    workers: () => workers,
    iceServers: () => [],
    secret: new Uint8Array(32),
    clock: systemClock,
    log: silentLog,
  });
  const startMs = performance.now();
  const nowMs = (): number => performance.now() - startMs;
  const streams: LiveStream[] = [];
  const givenUp = new Map<number, number>();
  let sentBytes = 0;
  const places: PhoneParticipant[] = [];
  try {
    for (let at = 0; at < phones; at += 1) {
      const room = await rooms.open(`call-${at}` as ConversationId, {
        title: 'A call',
        captionsOn: speech !== null,
        captionsStopped: null,
        mayAddPhone: false,
        parties: [],
        removed: [],
        nowMs,
        transcript: () => ({ lines: [], last: 0, more: false, parties: [] }),
        openAudioSink(_, audio) {
          const stream = speech!.openLive({
            kind: 'call',
            audio,
            onCaption() {},
            onState: (_state, { lostMs }) => void givenUp.set(at, lostMs),
          });
          streams.push(stream);
          return {
            write(bytes, atMs) {
              sentBytes += bytes.length;
              stream.send(bytes, atMs);
            },
            pause: () => stream.flush(),
            close() {},
          };
        },
        on: {
          joined() {},
          left() {},
          removed() {},
          captionsSwitched() {},
          ended() {},
          phoneRequested: async () => null,
          hangUpRequested() {},
        },
      });
      const phone = { legId: `leg-${at}` as LegId, name: 'A phone', consented: true };
      places.push(await room.addPhone(phone, { play() {}, removed() {} }));
    }
    const pids = [process.pid, ...workers.pids()];
    const before = pids.map(processorMs);
    const spokenBytes = await speak(places, measuredMs);
    const tookMs = pids.map(processorMs).reduce((total, ms, at) => total + ms - before[at]!, 0);
    for (const place of places) place.leave();
    await Promise.all(streams.map((stream) => stream.close()));
    const givenUpMs = [...givenUp.values()].reduce((total, ms) => total + ms, 0);
    return { cost: tookMs / measuredMs, spokenBytes, sentBytes, givenUpMs };
  } finally {
    rooms.close();
    workers.close();
  }
};

/** In real time; phones are not in step. */
const speak = async (places: readonly PhoneParticipant[], forMs: number): Promise<number> => {
  const voice = await mulawOf('two-voices', 0, 30_000);
  const frames = voice.length / FRAME_BYTES;
  const startMs = performance.now();
  for (let frame = 0; frame * FRAME_MS < forMs; frame += 1) {
    const waitMs = startMs + frame * FRAME_MS - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    for (const [at, place] of places.entries()) {
      const from = ((frame + at * 31) % frames) * FRAME_BYTES;
      place.receive(voice.subarray(from, from + FRAME_BYTES), frame * FRAME_MS);
    }
  }
  return places.length * (forMs / FRAME_MS) * FRAME_BYTES;
};

const bytesAt = async (engine: ChildProcess): Promise<number> => {
  engine.send('how much?');
  const [{ bytes }] = (await once(engine, 'message')) as [{ bytes: number }];
  return bytes;
};

/** @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html fields 14 and 15, in hundredths of a second */
const processorMs = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
};
