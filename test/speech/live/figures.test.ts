import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { createLiveSpeech, type LiveSpeech, type LiveSpeechOptions } from '../../../src/speech/live/index.ts';
import { until } from '../../support/until.ts';
import { recordingLog } from '../support.ts';
import { listener, QUICK, speaker, untilHeard } from './support.ts';

let engine: ScriptedEngine;
let speech: LiveSpeech;
const delays: number[] = [];

const start = (pace: LiveSpeechOptions['pace'] = {}): void => {
  speech = createLiveSpeech({
    apiKey: engine.apiKey,
    baseUrl: engine.url,
    pace: { ...QUICK, ...pace },
    onCaptionDelay: (delayMs) => delays.push(delayMs),
    log: recordingLog(),
  });
};
beforeEach(async () => {
  delays.length = 0;
  engine = await startScriptedEngine();
});
afterEach(async () => {
  await speech.close();
  await engine.close();
});

describe('figures of live speech', () => {
  it('begin with nothing, count streams while they are open, and audio and finals for good', async () => {
    start();
    expect(speech.figures()).toEqual({ live: 0, delayed: 0, sentMs: 0, lostMs: 0, reconnects: 0, finals: 0 });
    const [ana, ben] = [listener(), listener()];
    const first = speaker(speech.openLive(ana));
    const second = speaker(speech.openLive(ben));
    expect(speech.figures()).toMatchObject({ live: 2, delayed: 0 });
    first.say(3);
    first.flush();
    second.say(2);
    await Promise.all([first.close(), second.close()]);
    const finals = [...ana.captions, ...ben.captions].filter(({ isFinal }) => isFinal).length;
    expect(finals).toBeGreaterThanOrEqual(2);
    expect(speech.figures()).toEqual({ live: 0, delayed: 0, sentMs: 500, lostMs: 0, reconnects: 0, finals });
  });

  it('count a broken connection, and what is said again on the next as the engine counts it', async () => {
    start();
    const heard = listener();
    const { said, say, close } = speaker(speech.openLive(heard));
    say(2);
    await engine.untilStreams(({ streams }) => streams[0]?.markers.length === 2);
    engine.live.streams[0]!.break('kill');
    await until(() => speech.figures().reconnects === 1);
    say(1);
    await close();
    await untilHeard(heard, said);
    expect(speech.figures()).toMatchObject({ reconnects: 1, sentMs: 500 });
  });

  it('say who waits for the engine, and what was given up because it stayed away', async () => {
    engine.live.setFallback(() => ({ mode: 'refuse', status: 503 }));
    start({ keepAudioMs: 500, closeWithinMs: 100 });
    const { say } = speaker(speech.openLive(listener()));
    say(3);
    await until(() => speech.figures().delayed === 1);
    expect(speech.figures()).toMatchObject({ live: 0, lostMs: 0, sentMs: 0 });
    say(10);
    await until(() => speech.figures().lostMs > 0);
    expect(speech.figures().lostMs).toBeGreaterThanOrEqual(800);
  });

  it('tell of each caption with words how long the engine took after its audio', async () => {
    engine.live.setFallback(() => ({ mode: 'hear', slowMs: 80 }));
    start();
    const heard = listener();
    const { said, say, flush } = speaker(speech.openLive(heard));
    say(2);
    flush();
    await untilHeard(heard, said);
    expect(delays).toHaveLength(heard.captions.filter(({ words }) => words.length > 0).length);
    for (const delayMs of delays) expect(delayMs).toBeGreaterThanOrEqual(79);
  });
});
