import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveSpeech, LiveSpeechOptions } from '../../../src/speech/live/index.ts';
import { type LiveSetup, listener, openLiveSetup, speaker } from './support.ts';

let setup: LiveSetup;
let speech: LiveSpeech;
let delays: number[];

const start = (timings: LiveSpeechOptions['timings'] = {}): void => {
  speech = setup.speechWith({ timings, onCaptionDelay: (delayMs) => delays.push(delayMs) });
};
beforeEach(async () => {
  delays = [];
  setup = await openLiveSetup();
});
afterEach(() => setup.close());

describe('figures of live speech', () => {
  it('start at 0, count streams while they are open, and audio and finals for good', async () => {
    start();
    expect(speech.figures()).toEqual({
      live: 0,
      delayed: 0,
      sentMs: 0,
      lostMs: 0,
      leftoverMs: 0,
      reconnects: 0,
      finals: 0,
      seats: 50,
    });
    const [ana, ben] = [listener(), listener()];
    const first = speaker(speech.openLive(ana));
    const second = speaker(speech.openLive(ben));
    expect(speech.figures()).toMatchObject({ live: 2, delayed: 0 });
    first.say(3);
    first.flush();
    second.say(2);
    await setup.passing(Promise.all([first.close(), second.close()]));
    const finals = [...ana.captions, ...ben.captions].filter(({ isFinal }) => isFinal).length;
    expect(finals).toBeGreaterThanOrEqual(2);
    expect(speech.figures()).toMatchObject({
      live: 0,
      delayed: 0,
      sentMs: 500,
      lostMs: 0,
      reconnects: 0,
      finals,
    });
  });

  it('count a lost connection, and what is sent again on the next as the engine counts it', async () => {
    start();
    const heard = listener();
    const { said, say, close } = speaker(speech.openLive(heard));
    say(2);
    await setup.untilLive(({ streams }) => streams[0]?.markers.length === 2);
    setup.engine.live.streams[0]!.break('kill');
    await setup.clock.advanceUntil(() => speech.figures().reconnects === 1);
    say(1);
    await setup.passing(close());
    await setup.untilFinal(heard, said);
    expect(speech.figures()).toMatchObject({ reconnects: 1, sentMs: 500 });
  });

  it('count streams that are delayed, and audio that was lost', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'reject', status: 503 }));
    start({ maxBufferedMs: 500, closeTimeoutMs: 100 });
    const { say } = speaker(speech.openLive(listener()));
    say(3);
    await setup.clock.advanceUntil(() => speech.figures().delayed === 1);
    expect(speech.figures()).toMatchObject({ live: 0, lostMs: 0, sentMs: 0 });
    say(10);
    await setup.clock.advanceUntil(() => speech.figures().lostMs > 0);
    expect(speech.figures().lostMs).toBeGreaterThanOrEqual(800);
  });

  it('measure for each caption with words the delay from its audio', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'transcribe', slowMs: 80 }));
    start();
    const heard = listener();
    const { said, say, flush } = speaker(speech.openLive(heard));
    say(2);
    flush();
    await setup.untilFinal(heard, said);
    expect(delays).toHaveLength(heard.captions.filter(({ words }) => words.length > 0).length);
    // The engine hears 200 ms in 160.
    expect(new Set(delays)).toEqual(new Set([160 + 80]));
  });
});
