import { describe } from 'vitest';
import { markerWord } from '../../sandbox/engine/scripted/markers.ts';
import { responseWith } from '../../sandbox/engine/scripted/response.ts';
import { createSpeech } from '../../src/speech/index.ts';
import { openLiveSetup } from './live/support.ts';
import { describeSpeech, type SpeechSubject } from './speech-contract.ts';

const openScriptedSpeech = async (): Promise<SpeechSubject> => {
  const setup = await openLiveSetup();
  const { engine, clock } = setup;
  const { createConnection, ...rest } = setup.options;
  const speech = createSpeech({
    ...rest,
    live: { createConnection, timings: { maxBufferedMs: 5_000 } },
  });
  return {
    speech,
    clock,
    script: (outcome) =>
      engine.script(
        outcome === 'busy'
          ? { mode: 'busy' }
          : {
              mode: 'ok',
              answer: responseWith({
                durationMs: outcome.durationMs,
                ...(outcome.language === null ? {} : { language: outcome.language }),
                channels: [
                  outcome.words.map(({ text, startMs, endMs, speaker }) => ({
                    word: text,
                    startMs,
                    endMs,
                    ...(speaker === null ? {} : { speaker }),
                  })),
                ],
              }),
            },
      ),
    word: (number, { sampleRateHz }) => markerWord(number, sampleRateHz),
    disconnect() {
      engine.live.setFallback(() => ({ mode: 'reject', status: 503 }));
      for (const stream of engine.live.streams) if (stream.open) stream.break('kill');
    },
    reconnect: () => engine.live.setFallback(() => ({ mode: 'transcribe' })),
    refuseLive: () => engine.live.setFallback(() => ({ mode: 'reject', status: 401 })),
    async close() {
      await setup.passing(speech.close());
      await setup.close();
    },
  };
};

describe('speech over Deepgram’s API', () => {
  describeSpeech(openScriptedSpeech);
});
