import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedEngine, startScriptedEngine } from '../../../sandbox/engine/scripted/index.ts';
import { createSpeech } from '../../../src/speech/index.ts';
import { createLiveSpeech, type LiveSpeech, type LiveSpeechOptions } from '../../../src/speech/live/index.ts';
import { until } from '../../support/until.ts';
import { recordingLog } from '../support.ts';
import { listener, QUICK, RATE_HZ, speaker, untilHeard } from './support.ts';

let engine: ScriptedEngine;
let open: LiveSpeech[];
let log: ReturnType<typeof recordingLog>;
beforeEach(async () => {
  engine = await startScriptedEngine();
  open = [];
  log = recordingLog();
});
afterEach(async () => {
  await Promise.all(open.map((speech) => speech.close()));
  await engine.close();
});

const speechWith = (options: Partial<LiveSpeechOptions> = {}): LiveSpeech => {
  const { pace, ...rest } = options;
  const speech = createLiveSpeech({
    apiKey: engine.apiKey,
    baseUrl: engine.url,
    log,
    pace: { ...QUICK, ...pace },
    ...rest,
  });
  open.push(speech);
  return speech;
};

describe('one speaker', () => {
  it('is heard by the same Speech as recordings, which ends it when it closes', async () => {
    const speech = createSpeech({ apiKey: engine.apiKey, baseUrl: engine.url, log });
    const heard = listener();
    const { said, say } = speaker(speech.openLive(heard));
    say(3);
    await Promise.all([speech.close(), speech.close()]);
    expect(heard.finals()).toEqual(said);
    expect(heard.states.at(-1)?.state).toBe('ended');
  });

  it('asks for what Parley needs, with the key in a header and nothing of it in the address', async () => {
    const heard = listener();
    const stream = speechWith().openLive({ ...heard, language: 'de' });
    speaker(stream).say(1);
    await engine.untilStreams(({ streams }) => streams.length === 1);
    const [{ authorized, query }] = engine.live.streams as [(typeof engine.live.streams)[0]];
    expect(authorized).toBe(true);
    expect(Object.fromEntries(query)).toEqual({
      model: 'nova-3',
      language: 'de',
      encoding: 'linear16',
      sample_rate: '16000',
      channels: '1',
      interim_results: 'true',
      smart_format: 'true',
      endpointing: '300',
      utterance_end_ms: '1000',
      vad_events: 'true',
      mip_opt_out: 'true',
    });
  });

  it('opens no socket until audio comes', async () => {
    const stream = speechWith().openLive(listener());
    stream.flush();
    await stream.close();
    expect(engine.live.streams).toEqual([]);
  });

  it('shows words while they are said and then once as final, under one id a caption', async () => {
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(5);
    await until(() => heard.captions.some(({ words }) => words.length >= 3));
    pause(400);
    say(3);
    pause(400);
    await untilHeard(heard, said);
    expect(heard.finals()).toEqual(said);
    const ids = heard.captions.map(({ id }) => id);
    expect([...new Set(ids)]).toEqual(['1', '2']);
    for (const id of ['1', '2']) {
      const ofOne = heard.captions.filter((caption) => caption.id === id);
      expect(ofOne.map(({ isFinal }) => isFinal)).toEqual([...ofOne.slice(1).map(() => false), true]);
    }
    expect(heard.captions.find(({ isFinal }) => isFinal)?.text).toBe('M0 M1 M2 M3 M4');
    expect(heard.states).toEqual([]);
  });

  it('has words on the conversation’s clock across silence that is not sent', async () => {
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { pause, said, say, skip } = speaker(stream, { atMs: 3_600_000, number: 70_000 });
    for (const gapMs of [30_000, 700, 3, 125_000]) {
      say(4);
      pause(200);
      skip(gapMs);
    }
    say(2);
    stream.flush();
    await untilHeard(heard, said);
    expect(heard.finals().map(({ number }) => number)).toEqual(said.map(({ number }) => number));
    for (const [i, word] of heard.finals().entries()) {
      expect(Math.abs(word.startMs - said[i]!.startMs)).toBeLessThanOrEqual(20);
      expect(Math.abs(word.endMs - said[i]!.endMs)).toBeLessThanOrEqual(20);
    }
  });

  it('flush makes the words before it final without waiting for silence, once', async () => {
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(2);
    stream.flush();
    stream.flush();
    await untilHeard(heard, said);
    expect(engine.live.streams[0]?.received).toEqual(['audio', 'Finalize']);
    stream.flush();
    say(2);
    await stream.close();
    expect(heard.finals()).toEqual(said);
    expect(engine.live.streams[0]?.received).toEqual(['audio', 'Finalize', 'audio', 'CloseStream']);
  });

  it('close brings the last finals, says `ended` once, and what is sent afterwards goes nowhere', async () => {
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(7);
    await Promise.all([stream.close(), stream.close()]);
    expect(heard.finals()).toEqual(said);
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
    say(1);
    expect(heard.finals()).toHaveLength(7);
    await engine.untilStreams(({ openNow }) => openNow === 0);
    expect(engine.live.streams).toHaveLength(1);
  });

  it('close gives up after its time limit when the engine keeps away', async () => {
    engine.live.setFallback(() => ({ mode: 'refuse', status: 503 }));
    const heard = listener();
    const stream = speechWith({ pace: { closeWithinMs: 300 } }).openLive(heard);
    speaker(stream).say(5);
    await stream.close();
    expect(heard.states.at(-1)).toEqual({ state: 'ended', lostMs: 0 });
    expect(log.lines).toContainEqual({
      fields: { pendingMs: 500 },
      message: 'speech: live stream closed before its last finals came',
    });
  });

  it('keeps what it was given, though the giver writes into the same memory again', async () => {
    engine.live.script({ mode: 'refuse', status: 503 });
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const memory = Buffer.alloc((RATE_HZ / 10) * 2);
    const { said, say } = speaker({
      send(audio, atMs) {
        memory.set(audio);
        stream.send(memory, atMs);
      },
      flush: () => {},
      close: () => stream.close(),
    });
    say(4);
    await stream.close();
    expect(heard.finals()).toEqual(said);
  });
});

describe('when the connection breaks', () => {
  it.each([
    ['kill', 'closed 1006'],
    ['half-open', 'silent'],
    ['mute', 'stuck'],
    ['fail', 'closed 1011'],
    ['time-out', 'closed 1011 NET-0001'],
  ] as const)(
    'by `%s`, it goes on after the last final, and no word is lost or doubled',
    async (what, why) => {
      engine.live.script({ mode: 'hear', fault: { afterAudioMs: 4_250, what } });
      const heard = listener();
      const stream = speechWith(what === 'mute' ? { pace: { stuckAfterMs: 500 } } : {}).openLive(heard);
      // Pieces of 230 ms end in the middle of words, and so would a connection that began with a whole piece.
      const { flush, pause, said, say } = speaker(stream, undefined, {
        pieceMs: () => 230,
        jitterMs: () => 0,
      });
      say(12);
      pause(400);
      say(200);
      pause(400);
      flush();
      await untilHeard(heard, said);
      expect(heard.finals()).toEqual(said);
      expect(log.lines.map(({ fields }) => fields.why)).toEqual([why]);
      expect(engine.live.streams).toHaveLength(2);
      // The second connection was sent no word that had been final, and no half of one.
      expect(engine.live.streams[1]).toMatchObject({ damaged: 0 });
      expect(engine.live.streams[1]?.markers[0]).toBeGreaterThanOrEqual(12);
    },
  );

  it('goes on with the caption that was being shown, and never shows less of it', async () => {
    engine.live.script({ mode: 'hear', fault: { afterAudioMs: 1_500, what: 'kill' } });
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(25);
    pause(400);
    await untilHeard(heard, said);
    expect(new Set(heard.captions.map(({ id }) => id))).toEqual(new Set(['1']));
    const lengths = heard.captions.map(({ words }) => words.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(heard.finals()).toEqual(said);
  });

  it('asks anew for the final of a pause that the engine had not answered', async () => {
    engine.live.script({ mode: 'hear', slowMs: 10_000 });
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    stream.flush();
    await engine.untilStreams(({ streams }) => streams[0]?.received.at(-1) === 'Finalize');
    engine.live.streams[0]?.break('kill');
    await untilHeard(heard, said);
    expect(heard.finals()).toEqual(said);
    expect(engine.live.streams[1]?.received).toEqual(['audio', 'Finalize']);
  });

  it('a final that comes twice is heard once', async () => {
    engine.live.setFallback(() => ({ mode: 'hear', duplicateFinals: true }));
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    for (let i = 0; i < 5; i += 1) {
      say(6);
      pause(400);
    }
    await stream.close();
    expect(heard.finals()).toEqual(said);
  });

  it('waits out 429 and 503, says `delayed` and then `live`, and loses nothing', async () => {
    engine.live.script(
      { mode: 'refuse', status: 429 },
      { mode: 'refuse', status: 503, retryAfterS: 1 },
      { mode: 'ignore' },
      { mode: 'refuse', status: 429 },
    );
    const heard = listener();
    const stream = speechWith({ pace: { openWithinMs: 200 } }).openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(50);
    pause(400);
    await untilHeard(heard, said);
    expect(heard.finals()).toEqual(said);
    expect(heard.states).toEqual([
      { state: 'delayed', lostMs: 0 },
      { state: 'live', lostMs: 0 },
    ]);
    const opened = engine.live.streams.map(({ openedAtMs }) => openedAtMs);
    // Retry-After is a second, of which three of the longest waits (600 ms) are believed.
    expect(opened[2]! - opened[1]!).toBeGreaterThanOrEqual(590);
  });

  it('says how much is lost once the engine is away for longer than audio is kept', async () => {
    engine.live.script({ mode: 'refuse', status: 503 }, { mode: 'refuse', status: 503 });
    const heard = listener();
    const stream = speechWith({ pace: { keepAudioMs: 5_000 } }).openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(80);
    pause(400);
    const { lostMs } = heard.states.at(-1)!;
    expect(lostMs).toBeGreaterThanOrEqual(3_400);
    expect(lostMs).toBeLessThanOrEqual(3_600);
    await stream.close();
    expect(heard.finals()).toEqual(said.slice(lostMs / 100));
    expect(log.lines.filter(({ message }) => message === 'speech: live audio is being lost')).toHaveLength(1);
  });

  it.each([401, 402, 403, 400])('%d is final: it says `ended`, and the log says why', async (status) => {
    engine.live.script({ mode: 'refuse', status });
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { say } = speaker(stream);
    say(2);
    await until(() => heard.states.length > 0);
    say(2);
    await stream.close();
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
    expect(engine.live.streams).toHaveLength(1);
    expect(log.lines).toEqual([
      {
        fields: { status, why: 'not admitted', requestId: null },
        message: 'speech: the engine refuses live streams',
      },
    ]);
  });

  it('nothing of what was said, nor the key, is in the log', async () => {
    engine.live.script({ mode: 'hear', fault: { afterAudioMs: 500, what: 'fail' } });
    const stream = speechWith().openLive(listener());
    speaker(stream).say(20);
    await stream.close();
    expect(log.lines.map(({ fields }) => fields)).toEqual([
      { why: 'closed 1011', status: null, requestId: engine.live.streams[0]?.requestId, failures: 1 },
    ]);
    expect(JSON.stringify(log.lines)).not.toMatch(/M\d|scripted-key/);
  });
});

describe('a silent speaker', () => {
  it('keeps the socket with KeepAlive as text, closes it in order after `lingerMs`, and gets a new one', async () => {
    const heard = listener();
    const stream = speechWith({ lingerMs: 700, pace: { keepAliveMs: 200 } }).openLive(heard);
    const { said, say, skip } = speaker(stream);
    say(3);
    await engine.untilStreams(({ openNow, streams }) => streams.length === 1 && openNow === 0);
    expect(engine.live.streams[0]?.received).toEqual(
      expect.arrayContaining(['audio', 'KeepAlive', 'KeepAlive', 'CloseStream']),
    );
    expect(engine.live.streams[0]?.received.at(-1)).toBe('CloseStream');
    expect(heard.finals()).toEqual(said);
    skip(60_000);
    say(3);
    await stream.close();
    expect(heard.finals()).toEqual(said);
    expect(engine.live.streams).toHaveLength(2);
    expect(engine.live.streams[1]?.markers).toEqual([3, 4, 5]);
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
  });

  it('who fell silent before a connection could be had keeps none', async () => {
    engine.live.script(...Array.from({ length: 4 }, () => ({ mode: 'refuse', status: 503 }) as const));
    const heard = listener();
    const stream = speechWith({ lingerMs: 50 }).openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    await engine.untilStreams(({ openNow, streams }) => streams.length === 5 && openNow === 1);
    await engine.untilStreams(({ openNow }) => openNow === 0);
    expect(engine.live.streams[4]?.received).toEqual(['audio', 'CloseStream']);
    expect(heard.finals()).toEqual(said);
  });

  it('a connection that dies meanwhile is left alone until there is something to say', async () => {
    const heard = listener();
    const stream = speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    stream.flush();
    await untilHeard(heard, said);
    engine.live.streams[0]?.break('half-open');
    await engine.untilStreams(({ openNow }) => openNow === 0);
    expect(log.lines.map(({ fields }) => fields.why)).toEqual(['silent']);
    expect(engine.live.streams).toHaveLength(1);
    say(3);
    stream.flush();
    await untilHeard(heard, said);
    expect(heard.finals()).toEqual(said);
  });
});

describe('more speakers than sockets', () => {
  it('takes the socket of whoever has been silent the longest, and nobody loses a word', async () => {
    const speech = speechWith({ maxStreams: 2 });
    const people = [0, 1, 2].map((number) => {
      const heard = listener();
      const stream = speech.openLive(heard);
      return { heard, stream, ...speaker(stream, { atMs: 0, number: number * 1_000 }) };
    });
    const [first, second, third] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    first.say(3);
    await engine.untilStreams(({ openNow }) => openNow === 1);
    second.say(3);
    await engine.untilStreams(({ openNow }) => openNow === 2);
    // The second one goes on for as long as the third waits; the first has fallen silent.
    const talking = setInterval(() => second.say(1), 20);
    third.say(3);
    await until(() => third.heard.captions.length > 0 || engine.live.streams.length === 3, { everyMs: 5 });
    clearInterval(talking);
    expect(engine.live.streams[0]?.received.at(-1)).toBe('CloseStream');
    first.say(2);
    await Promise.all(people.map(({ stream }) => stream.close()));
    for (const { heard, said } of people) expect(heard.finals()).toEqual(said);
    expect(engine.live.peakOpen).toBe(2);
  });

  it('lets everybody have a turn when nobody is ever silent, and says so', async () => {
    const speech = speechWith({ maxStreams: 1, pace: { patienceMs: 300, idleAfterMs: 60_000 } });
    const people = [0, 1, 2].map((number) => {
      const heard = listener();
      const stream = speech.openLive(heard);
      return { heard, stream, ...speaker(stream, { atMs: 0, number: number * 1_000 }) };
    });
    const talking = setInterval(() => {
      for (const { say } of people) say(1);
    }, 20);
    await until(() => people.every(({ heard }) => heard.finals().length > 30), { everyMs: 5 });
    clearInterval(talking);
    await Promise.all(people.map(({ stream }) => stream.close()));
    // Nobody was cut short in the middle of a word, which an orderly end would have done.
    expect(engine.live.streams.every(({ damaged }) => damaged === 0)).toBe(true);
    for (const { heard, said } of people) {
      expect(heard.finals()).toEqual(said);
      expect(heard.states).toContainEqual({ state: 'delayed', lostMs: 0 });
    }
    expect(engine.live.peakOpen).toBe(1);
  });
});
