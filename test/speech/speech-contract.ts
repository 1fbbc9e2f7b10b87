import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import type { LiveOptions, LiveStream, Speech } from '../../src/core/ports.ts';
import type { Transcription } from '../../src/core/transcription.ts';
import type { VirtualClock } from '../fakes/clock.ts';
import { type Listener, listener } from './live/support.ts';
import { longWav, shortWav, source } from './support.ts';

/** A speech engine on a virtual clock, and Parley's way to it. */
export interface SpeechSubject {
  readonly speech: Speech;
  readonly clock: VirtualClock;
  /** What the next recording turns out to be. */
  script(outcome: Transcription | 'busy'): void;
  /** 100 ms of audio in which the word `M<number>` is said. */
  word(number: number, format: LiveOptions['audio']): Uint8Array;
  /** Live connections are lost, and none can be opened until `reconnect`. */
  disconnect(): void;
  reconnect(): void;
  /** Live connections are refused for good. */
  refuseLive(): void;
  close(): Promise<void>;
}

const TRANSCRIPTION: Transcription = {
  durationMs: 2_000,
  language: 'en',
  languages: [{ tag: 'en', share: 1 }],
  approximateSpeakers: false,
  remarks: [],
  words: [{ text: 'Hello.', startMs: 100, endMs: 500, confidence: 0.98, channel: 0, speaker: 0 }],
};

/** What flows may rely on, of any speech engine. */
export const describeSpeech = (open: () => Promise<SpeechSubject>): void => {
  let subject: SpeechSubject;
  beforeEach(async () => {
    subject = await open();
  });
  afterEach(() => subject.close());

  describe('a recording', () => {
    const { signal } = new AbortController();
    const quiet = { signal, progress: () => {} };

    it('is read to its end and transcribed, with progress', async () => {
      subject.script(TRANSCRIPTION);
      const file = shortWav();
      const reported: { sentBytes: number; sent: boolean }[] = [];
      const transcription = await subject.speech.transcribe(source([file], file.length), {
        signal,
        progress: (p) => reported.push(p),
      });
      expect(transcription).toEqual(TRANSCRIPTION);
      expect(reported.at(-1)).toEqual({ sentBytes: file.length, sent: true });
      expect(reported.filter(({ sent }) => sent)).toHaveLength(1);
    });

    it.each<[string, Parameters<typeof source>, object]>([
      ['empty', [[]], { code: 'recording-empty', retryable: false }],
      ['text', [[Buffer.from('Dear diary, today')]], { code: 'not-a-recording', retryable: false }],
      ['too large', [[shortWav()], 2 * 1024 ** 3 + 1], { code: 'recording-too-large', retryable: false }],
      [
        'shorter than declared',
        [longWav(2 * 1024 ** 2), 4 * 1024 ** 2],
        { code: 'recording-unreadable', retryable: true },
      ],
    ])('that is %s fails', async (_what, [chunks, sizeBytes], error) => {
      const recording = source(chunks, sizeBytes);
      await expect(subject.speech.transcribe(recording, quiet)).rejects.toMatchObject(error);
    });

    it('without speech fails for good, and one for which the engine is busy for now', async () => {
      subject.script({ ...TRANSCRIPTION, words: [] });
      await expect(subject.speech.transcribe(source([shortWav()]), quiet)).rejects.toMatchObject({
        code: 'no-speech',
        retryable: false,
      });
      subject.script('busy');
      await expect(subject.speech.transcribe(source([shortWav()]), quiet)).rejects.toMatchObject({
        code: 'engine-busy',
        retryable: true,
      });
    });

    it('whose source fails, fails with its error', async () => {
      const gone = new AppError({ code: 'recording-gone', retryable: false, userMessage: 'Deleted.' });
      const recording = source(
        (function* () {
          yield* longWav(2 * 1024 ** 2);
          throw gone;
        })(),
      );
      await expect(subject.speech.transcribe(recording, quiet)).rejects.toBe(gone);
    });

    it('is given up when the caller stops, and its source closed', async () => {
      const caller = new AbortController();
      const requested = Promise.withResolvers<void>();
      const recording = source(
        (async function* (): AsyncGenerator<Uint8Array> {
          requested.resolve();
          yield await new Promise<Uint8Array>(() => {});
        })(),
      );
      const failed = expect(
        subject.speech.transcribe(recording, { signal: caller.signal, progress: () => {} }),
      ).rejects.toMatchObject({ code: 'unexpected', retryable: true });
      await requested.promise;
      caller.abort();
      await failed;
      expect(recording.returned).toBe(true);
    });
  });

  describe('a live stream', () => {
    let heard: Listener;
    let stream: LiveStream;
    let atMs: number;
    let number: number;
    let said: { number: number; startMs: number; endMs: number }[];
    beforeEach(() => {
      heard = listener();
      stream = subject.speech.openLive(heard);
      atMs = 60_000;
      number = 0;
      said = [];
    });

    const say = async (words: number): Promise<void> => {
      for (let i = 0; i < words; i += 1) {
        stream.send(subject.word(number, heard.audio), atMs);
        said.push({ number, startMs: atMs, endMs: atMs + 100 });
        number += 1;
        atMs += 100;
        await subject.clock.advance(100);
      }
    };
    const close = async (): Promise<void> => {
      let closed = false;
      void stream.close().then(() => {
        closed = true;
      });
      await subject.clock.advanceUntil(() => closed);
    };
    const untilFinal = () => subject.clock.advanceUntil(() => heard.finals().length >= said.length);

    it('shows words while they are said, and finals after a flush, on the conversation’s clock', async () => {
      await say(12);
      await subject.clock.advanceUntil(() => heard.captions.length > 0);
      expect(heard.captions[0]!.isFinal).toBe(false);
      stream.flush();
      await untilFinal();
      expect(heard.finals()).toEqual(said);
      atMs += 20_000;
      await say(3);
      stream.flush();
      await untilFinal();
      expect(heard.finals()).toEqual(said);
      const ids = heard.captions.map(({ id }) => id);
      expect([...new Set(ids)]).toHaveLength(2);
      for (const id of new Set(ids)) {
        const ofOne = heard.captions.filter((caption) => caption.id === id);
        expect(ofOne.map(({ isFinal }) => isFinal)).toEqual([...ofOne.slice(1).map(() => false), true]);
        expect(ofOne.at(-1)!.text).toBe(
          ofOne
            .at(-1)!
            .words.map(({ text }) => text)
            .join(' '),
        );
      }
      expect(heard.states).toEqual([]);
    });

    it('brings the last finals when it is closed, ends once, and takes nothing more', async () => {
      await say(3);
      await close();
      expect(heard.finals()).toEqual(said);
      expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
      const captions = heard.captions.length;
      stream.send(subject.word(99, heard.audio), atMs);
      stream.flush();
      await subject.clock.advance(10_000);
      await close();
      expect(heard.captions).toHaveLength(captions);
      expect(heard.states).toHaveLength(1);
    });

    it('that was sent nothing closes without a caption', async () => {
      stream.flush();
      await close();
      expect(heard.captions).toEqual([]);
      expect(heard.states.at(-1)?.state).toBe('ended');
    });

    it('is delayed while the engine is away, and then catches up without losing a word', async () => {
      await say(3);
      stream.flush();
      await untilFinal();
      subject.disconnect();
      await say(30);
      stream.flush();
      expect(heard.states).toEqual([{ state: 'delayed', lostMs: 0 }]);
      expect(heard.finals()).toHaveLength(3);
      subject.reconnect();
      await untilFinal();
      expect(heard.finals()).toEqual(said);
      expect(heard.states.at(-1)).toEqual({ state: 'live', lostMs: 0 });
    });

    it('reports audio that is lost once the engine is away for too long', async () => {
      subject.disconnect();
      await say(80);
      const { lostMs } = heard.states.at(-1)!;
      // The subject keeps 5 s.
      expect(lostMs).toBeGreaterThanOrEqual(3_000);
      expect(lostMs).toBeLessThanOrEqual(3_200);
      subject.reconnect();
      stream.flush();
      await subject.clock.advanceUntil(() => heard.finals().at(-1)?.number === 79);
      expect(heard.finals()).toEqual(said.slice(lostMs / 100));
    });

    it('that is closed while no live stream can be opened ends with its finals or reports their loss', async () => {
      subject.disconnect();
      await say(2);
      await close();
      const { state, lostMs } = heard.states.at(-1)!;
      expect(state).toBe('ended');
      expect(heard.finals()).toEqual(lostMs === 0 ? said : []);
    });

    it('ends when the engine refuses it for good', async () => {
      subject.refuseLive();
      await say(2);
      await subject.clock.advance(1_000);
      // What was said before the refusal is lost, and counted; what comes after it is not taken.
      expect(heard.states).toHaveLength(1);
      expect(heard.states[0]).toMatchObject({ state: 'ended', lostMs: expect.toBeOneOf([100, 200]) });
      await close();
      expect(heard.captions).toEqual([]);
    });
  });
};
