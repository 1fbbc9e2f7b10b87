import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/core/error.ts';
import { engineFailed } from '../../src/speech/errors.ts';
import { createVirtualClock } from '../fakes/clock.ts';
import { createMemorySpeech, silentAudio, spokenAudio } from '../fakes/memory-speech.ts';
import { listener } from './live/support.ts';
import { describeSpeech, type SpeechSubject } from './speech-contract.ts';
import { shortWav, source } from './support.ts';

const BUSY = new AppError({ code: 'engine-busy', retryable: true, userMessage: 'The engine is busy.' });

const openMemorySpeech = async (): Promise<SpeechSubject> => {
  const clock = createVirtualClock();
  const memory = createMemorySpeech({ clock, maxBufferedMs: 5_000 });
  return {
    speech: memory,
    clock,
    script: (outcome) => memory.script(outcome === 'busy' ? BUSY : outcome),
    word: (number, format) => spokenAudio(`M${number}`, format, 100),
    disconnect: () => memory.disconnect(),
    reconnect: () => memory.reconnect(),
    refuseLive: () => memory.refuseLive(),
    close: async () => {},
  };
};

describe('a memory speech', () => {
  describeSpeech(openMemorySpeech);

  it('understands spoken audio in either format, and ends a sentence after 300 ms of silence', async () => {
    const clock = createVirtualClock();
    const speech = createMemorySpeech({ clock });
    for (const encoding of ['linear16', 'mulaw'] as const) {
      const format = { encoding, sampleRateHz: 8_000 };
      const heard = listener();
      const stream = speech.openLive({ ...heard, audio: format });
      stream.send(spokenAudio('Grüß Gott!', format), 1_000);
      stream.send(silentAudio(format, 250), 1_200);
      stream.send(silentAudio(format, 50), 1_450);
      await clock.advance(100);
      expect(heard.captions.map(({ text, isFinal }) => [text, isFinal])).toEqual([
        ['Grüß Gott!', false],
        ['Grüß Gott!', true],
      ]);
      expect(heard.captions[1]!.words).toMatchObject([
        { text: 'Grüß', startMs: 1_000, endMs: 1_100 },
        { text: 'Gott!', startMs: 1_100, endMs: 1_200 },
      ]);
    }
  });

  it('takes its configured time for a recording, and fails as scripted', async () => {
    const clock = createVirtualClock();
    const speech = createMemorySpeech({ clock, transcribeMs: 5_000 });
    speech.script(engineFailed(null));
    const caller = new AbortController();
    const options = { signal: caller.signal, progress: () => {} };
    const failed = expect(speech.transcribe(source([shortWav()]), options)).rejects.toMatchObject({
      code: 'engine-failed',
    });
    await clock.advanceUntil(() => speech.recordings[0]?.receivedBytes === shortWav().length);
    await clock.advance(5_000);
    await failed;
    const stopped = expect(speech.transcribe(source([shortWav()]), options)).rejects.toMatchObject({
      code: 'unexpected',
      retryable: true,
    });
    await clock.advance(0);
    caller.abort();
    await stopped;
  });
});
