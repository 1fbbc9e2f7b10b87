import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSpeech } from '../../../src/speech/index.ts';
import { type LiveSetup, listener, openLiveSetup, RATE_HZ, speaker } from './support.ts';

let setup: LiveSetup;
beforeEach(async () => {
  setup = await openLiveSetup();
});
afterEach(() => setup.close());

describe('one speaker', () => {
  it('is transcribed by the same Speech as recordings, which ends it when it closes', async () => {
    const { createConnection, ...options } = setup.options;
    const speech = createSpeech({ ...options, live: { createConnection } });
    const heard = listener();
    const { said, say } = speaker(speech.openLive(heard));
    say(3);
    await setup.passing(Promise.all([speech.close(), speech.close()]));
    expect(heard.finals()).toEqual(said);
    expect(heard.states.at(-1)?.state).toBe('ended');
  });

  it('sends the documented parameters, with the key in a header and not in the URL', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive({ ...heard, language: 'de' });
    speaker(stream).say(1);
    await setup.untilLive(({ streams }) => streams.length === 1);
    const [{ authorized, query }] = setup.engine.live.streams as [(typeof setup.engine.live.streams)[0]];
    expect(authorized).toBe(true);
    expect(Object.fromEntries(query)).toEqual({
      model: 'nova-3',
      language: 'de',
      smart_format: 'true',
      tag: 'parley-meeting',
      mip_opt_out: 'true',
      encoding: 'linear16',
      sample_rate: '16000',
      channels: '1',
      interim_results: 'true',
      endpointing: '300',
    });
  });

  it('hears several languages with the endpointing for them, and the hints', async () => {
    const hints = () => ({ languages: ['en', 'de'], terms: ['Kubernetes', 'Ana, of Parley'] });
    const stream = setup.speechWith({ hints, mipOptOut: false }).openLive({ ...listener(), kind: 'call' });
    speaker(stream).say(1);
    await setup.untilLive(({ openNow }) => openNow === 1);
    const { query } = setup.engine.live.streams[0]!;
    expect(query.get('language')).toBe('multi');
    expect(query.get('endpointing')).toBe('100');
    expect(query.getAll('keyterm')).toEqual(['Kubernetes', 'Ana of Parley']);
    expect(query.get('tag')).toBe('parley-call');
    expect(query.get('mip_opt_out')).toBe('false');
  });

  it('opens no socket until audio comes', async () => {
    const stream = setup.speechWith().openLive(listener());
    stream.flush();
    await setup.passing(stream.close());
    expect(setup.engine.live.streams).toEqual([]);
  });

  it('shows words while they are said and then once as final, under one id a caption', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(5);
    await setup.clock.advanceUntil(() => heard.captions.some(({ words }) => words.length >= 3));
    pause(400);
    say(3);
    pause(400);
    await setup.untilFinal(heard, said);
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
    const stream = setup.speechWith().openLive(heard);
    const { pause, said, say, skip } = speaker(stream, { atMs: 3_600_000, number: 70_000 });
    for (const gapMs of [30_000, 700, 3, 125_000]) {
      say(4);
      pause(200);
      skip(gapMs);
    }
    say(2);
    stream.flush();
    await setup.untilFinal(heard, said);
    expect(heard.finals().map(({ number }) => number)).toEqual(said.map(({ number }) => number));
    for (const [i, word] of heard.finals().entries()) {
      expect(Math.abs(word.startMs - said[i]!.startMs)).toBeLessThanOrEqual(20);
      expect(Math.abs(word.endMs - said[i]!.endMs)).toBeLessThanOrEqual(20);
    }
  });

  it('flush makes the words before it final without waiting for silence, once', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(2);
    stream.flush();
    stream.flush();
    await setup.untilFinal(heard, said);
    expect(setup.engine.live.streams[0]?.received).toEqual(['audio', 'Finalize']);
    stream.flush();
    say(2);
    await setup.passing(stream.close());
    expect(heard.finals()).toEqual(said);
    expect(setup.engine.live.streams[0]?.received).toEqual(['audio', 'Finalize', 'audio', 'CloseStream']);
  });

  it('close brings the last finals, notifies of `ended` once, and what is sent afterwards is ignored', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(7);
    await setup.passing(Promise.all([stream.close(), stream.close()]));
    expect(heard.finals()).toEqual(said);
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
    say(1);
    expect(heard.finals()).toHaveLength(7);
    await setup.untilLive(({ openNow }) => openNow === 0);
    expect(setup.engine.live.streams).toHaveLength(1);
  });

  it('copies audio, so that the sender may reuse its memory', async () => {
    setup.engine.live.script({ mode: 'reject', status: 503 });
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
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
    await setup.passing(stream.close());
    expect(heard.finals()).toEqual(said);
  });
});

describe('when the connection is lost', () => {
  it.each([
    ['kill', 'closed 1006'],
    ['half-open', 'silent'],
    ['mute', 'stalled'],
    ['fail', 'closed 1011: Internal error'],
    ['time-out', expect.stringMatching(/^closed 1011: .*net0001$/)],
  ] as const)(
    'by `%s`, it goes on after the last final, and no word is lost or doubled',
    async (what, reason) => {
      setup.engine.live.script({ mode: 'transcribe', fault: { afterAudioMs: 4_250, what } });
      const heard = listener();
      const stream = setup.speechWith().openLive(heard);
      // Pieces of 230 ms end in the middle of words, and so would a connection that began with a whole piece.
      const { flush, pause, said, say } = speaker(stream, undefined, {
        pieceMs: () => 230,
        jitterMs: () => 0,
      });
      say(12);
      pause(700);
      await setup.clock.advance(100);
      say(200);
      pause(400);
      flush();
      await setup.untilFinal(heard, said);
      expect(heard.finals()).toEqual(said);
      expect(setup.log.lines.map(({ fields }) => fields.reason)).toEqual([reason]);
      expect(setup.engine.live.streams).toHaveLength(2);
      // The second connection was sent no word that had been final, and no half of one.
      expect(setup.engine.live.streams[1]).toMatchObject({ damaged: 0 });
      expect(setup.engine.live.streams[1]?.markers[0]).toBeGreaterThanOrEqual(12);
    },
  );

  it('goes on with the caption that is shown, and never shows less of it', async () => {
    setup.engine.live.script({ mode: 'transcribe', fault: { afterAudioMs: 1_500, what: 'kill' } });
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(25);
    pause(400);
    await setup.untilFinal(heard, said);
    expect(new Set(heard.captions.map(({ id }) => id))).toEqual(new Set(['1']));
    const lengths = heard.captions.map(({ words }) => words.length);
    expect(lengths).toEqual([...lengths].sort((a, b) => a - b));
    expect(heard.finals()).toEqual(said);
  });

  it('requests the final of a pause again that the engine had not returned', async () => {
    setup.engine.live.script({ mode: 'transcribe', slowMs: 10_000 });
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    stream.flush();
    await setup.untilLive(({ streams }) => streams[0]?.received.at(-1) === 'Finalize');
    setup.engine.live.streams[0]?.break('kill');
    await setup.untilFinal(heard, said);
    expect(heard.finals()).toEqual(said);
    expect(setup.engine.live.streams[1]?.received).toEqual(['audio', 'Finalize']);
  });

  it('a duplicate final changes nothing', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'transcribe', duplicateFinals: true }));
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    for (let i = 0; i < 5; i += 1) {
      say(6);
      pause(400);
    }
    await setup.passing(stream.close());
    expect(heard.finals()).toEqual(said);
  });

  it('retries after 429 and 503, is `delayed` and then `live`, and loses nothing', async () => {
    setup.engine.live.script(
      { mode: 'reject', status: 429 },
      { mode: 'reject', status: 503, retryAfterS: 1 },
      { mode: 'ignore' },
      { mode: 'reject', status: 429 },
    );
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(50);
    pause(400);
    await setup.untilFinal(heard, said);
    expect(heard.finals()).toEqual(said);
    expect(heard.states).toEqual([
      { state: 'delayed', lostMs: 0 },
      { state: 'live', lostMs: 0 },
    ]);
    const opened = setup.engine.live.streams.map(({ openedAtMs }) => openedAtMs);
    expect(opened[1]! - opened[0]!).toBe(50);
    // Retry-After.
    expect(opened[2]! - opened[1]!).toBe(1_000);
    // Not opened in time, and the wait after three failures.
    expect(opened[3]! - opened[2]!).toBe(5_000 + 300);
  });

  it('reports how much is lost once the engine is away for longer than audio is buffered', async () => {
    setup.engine.live.script({ mode: 'reject', status: 503 }, { mode: 'reject', status: 503 });
    const heard = listener();
    const stream = setup.speechWith({ timings: { maxBufferedMs: 5_000 } }).openLive(heard);
    const { pause, said, say } = speaker(stream);
    say(80);
    pause(400);
    const { lostMs } = heard.states.at(-1)!;
    expect(lostMs).toBeGreaterThanOrEqual(3_400);
    expect(lostMs).toBeLessThanOrEqual(3_600);
    await setup.passing(stream.close());
    expect(heard.finals()).toEqual(said.slice(lostMs / 100));
    expect(
      setup.log.lines.filter(({ message }) => message === 'speech: live audio is being lost'),
    ).toHaveLength(1);
  });

  it.each([
    [401, 'Invalid credentials.'],
    [402, 'Project does not have enough credits.'],
    [403, 'Project does not have access to the requested model.'],
    [400, 'Bad Request: no such parameter.'],
  ])('%d ends it, and the log has the reason as the engine gives it', async (status, reason) => {
    setup.engine.live.script({ mode: 'reject', status, reason });
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { say } = speaker(stream);
    say(2);
    await setup.clock.advanceUntil(() => heard.states.length > 0);
    say(2);
    await setup.passing(stream.close());
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 200 }]);
    expect(setup.engine.live.streams).toHaveLength(1);
    const [{ requestId }] = setup.engine.live.streams as [(typeof setup.engine.live.streams)[0]];
    expect(setup.log.lines).toEqual([
      {
        fields: { status, reason: `refused: ${reason}`, requestId },
        message: 'speech: the engine refuses live streams',
      },
    ]);
  });

  it('neither words nor the key are in the log', async () => {
    setup.engine.live.script({ mode: 'transcribe', fault: { afterAudioMs: 500, what: 'fail' } });
    const stream = setup.speechWith().openLive(listener());
    speaker(stream).say(20);
    await setup.passing(stream.close());
    expect(setup.log.lines.map(({ fields }) => fields)).toEqual([
      {
        reason: 'closed 1011: Internal error',
        status: null,
        requestId: setup.engine.live.streams[0]?.requestId,
        failures: 1,
      },
    ]);
    expect(JSON.stringify(setup.log.lines)).not.toMatch(/M\d|scripted-key/);
  });
});

describe('what is not transcribed when a stream closes', () => {
  /** Says 30 words live, and then 50 while no connection can be opened. */
  const sayWithoutConnection = async () => {
    const heard = listener();
    const stream = setup.speechWith({ maxStreams: 1 }).openLive(heard);
    const person = speaker(stream, { atMs: 5_000, number: 7 });
    person.say(30);
    person.flush();
    await setup.untilFinal(heard, person.said);
    setup.engine.live.setFallback(() => ({ mode: 'reject', status: 503 }));
    setup.engine.live.streams[0]!.break('kill');
    person.skip(10_000);
    person.say(25);
    person.pause(1_500);
    person.say(25);
    return { heard, ...person };
  };

  it('is sent as a recording, and comes back in its place, in captions as short as live ones', async () => {
    const { heard, said, close } = await sayWithoutConnection();
    await setup.passing(close());
    expect(heard.finals()).toEqual(said);
    expect(heard.states.at(-1)).toEqual({ state: 'ended', lostMs: 0 });
    expect(heard.captions.filter(({ isFinal }) => isFinal).length).toBeGreaterThanOrEqual(3);
    const [request, ...more] = setup.engine.requests;
    expect(more).toEqual([]);
    expect(request).toMatchObject({ contentType: 'audio/wav', chunked: false, authorized: true });
    expect(request!.contentLength).toBe(44 + (5_000 + 1_500) * 32);
    expect(Object.fromEntries(request!.query)).toEqual({
      model: 'nova-3',
      language: 'multi',
      smart_format: 'true',
      tag: 'parley-meeting',
      mip_opt_out: 'true',
    });
  });

  it('is sent again while the engine is busy, and counted as lost when that is in vain', async () => {
    const { heard, said, close } = await sayWithoutConnection();
    setup.engine.script({ mode: 'busy' }, { mode: 'error', status: 503 });
    await setup.passing(close());
    expect(heard.finals()).toEqual(said);
    expect(setup.engine.requests).toHaveLength(3);
  });

  it('is counted as lost when the engine does not transcribe it', async () => {
    const { heard, said, close } = await sayWithoutConnection();
    setup.engine.script({ mode: 'error', status: 402 });
    await setup.passing(close());
    expect(heard.finals()).toEqual(said.slice(0, 30));
    expect(heard.states.at(-1)).toEqual({ state: 'ended', lostMs: 6_500 });
    expect(setup.log.lines.at(-1)?.message).toBe('speech: live audio was not transcribed');
  });

  it('is sent so when the engine returns no last finals, and when it would take too long to hear', async () => {
    setup.engine.live.script({ mode: 'transcribe', fault: { afterAudioMs: 2_000, what: 'mute' } });
    const speech = setup.speechWith();
    const [muted, late] = [listener(), listener()];
    const first = speaker(speech.openLive(muted));
    first.say(30);
    await setup.clock.advance(3_000);
    const second = speaker(speech.openLive(late), { atMs: 0, number: 1_000 });
    second.say(100);
    await setup.clock.advance(1_000);
    const startedMs = setup.clock.monotonicMs();
    await setup.passing(Promise.all([first.close(), second.close()]));
    expect(muted.finals()).toEqual(first.said);
    expect(late.finals()).toEqual(second.said);
    expect(setup.engine.requests).toHaveLength(2);
    expect(setup.clock.monotonicMs() - startedMs).toBeLessThanOrEqual(11_000);
  });
});

describe('an engine that hears little faster than people speak', () => {
  it('is sent a long backlog at its pace, and is not taken for dead while it hears', async () => {
    setup.engine.live.script({ mode: 'ignore' });
    const heard = listener();
    const stream = setup.speechWith({ timings: { connectTimeoutMs: 60_000 } }).openLive(heard);
    const { said, say, pause } = speaker(stream);
    for (let i = 0; i < 60; i += 1) {
      say(15);
      pause(500);
    }
    const startedMs = 60_000;
    await setup.untilFinal(heard, said);
    expect(heard.finals()).toEqual(said);
    expect(setup.log.lines.map(({ fields }) => fields.reason)).toEqual(['not opened in time']);
    const tookMs = setup.clock.monotonicMs() - startedMs;
    expect(tookMs).toBeGreaterThan(120_000 / 1.25 - 1_000);
    expect(tookMs).toBeLessThan(120_000 / 1.25 + 2_000);
  });
});

describe('a pause that the engine does not answer', () => {
  it('makes what is shown final after 3 s', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'transcribe', finalize: 'unanswered' }));
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say, flush, skip } = speaker(stream);
    say(11);
    flush();
    await setup.untilLive(({ streams }) => streams[0]?.received.includes('Finalize') === true);
    const pausedMs = setup.clock.monotonicMs();
    await setup.clock.advanceUntil(() => heard.captions.some(({ isFinal }) => isFinal));
    expect(setup.clock.monotonicMs() - pausedMs).toBeLessThanOrEqual(3_000);
    // The interim came after a second of audio; the last word follows in its own time.
    expect(heard.finals()).toEqual(said.slice(0, 10));
    skip(5_000);
    say(12);
    await setup.passing(stream.close());
    expect(heard.finals().map(({ number }) => number)).toEqual(said.map(({ number }) => number));
  });

  it('or answers without the words that it had shown, keeps them', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'transcribe', finalize: 'empty final' }));
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say, flush } = speaker(stream);
    say(10);
    await setup.clock.advanceUntil(() => heard.captions.length > 0);
    flush();
    await setup.untilFinal(heard, said);
    expect(heard.finals()).toEqual(said);
  });
});

describe('a silent speaker', () => {
  it('keeps the socket with KeepAlive as text, closes it in order after `lingerMs`, and then opens a new one', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say, skip } = speaker(stream);
    say(3);
    await setup.untilLive(({ openNow, streams }) => streams.length === 1 && openNow === 0);
    expect(setup.engine.live.streams[0]?.received).toEqual(
      expect.arrayContaining(['audio', 'KeepAlive', 'KeepAlive', 'CloseStream']),
    );
    expect(setup.engine.live.streams[0]?.received.at(-1)).toBe('CloseStream');
    expect(heard.finals()).toEqual(said);
    skip(60_000);
    say(3);
    await setup.passing(stream.close());
    expect(heard.finals()).toEqual(said);
    expect(setup.engine.live.streams).toHaveLength(2);
    expect(setup.engine.live.streams[1]?.markers).toEqual([3, 4, 5]);
    expect(heard.states).toEqual([{ state: 'ended', lostMs: 0 }]);
  });

  it('who fell silent before there was a connection keeps none', async () => {
    setup.engine.live.script(...Array.from({ length: 4 }, () => ({ mode: 'reject', status: 503 }) as const));
    const heard = listener();
    const stream = setup.speechWith({ lingerMs: 50 }).openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    await setup.untilLive(({ openNow, streams }) => streams.length === 5 && openNow === 1);
    await setup.untilLive(({ openNow }) => openNow === 0);
    expect(setup.engine.live.streams[4]?.received).toEqual(['audio', 'CloseStream']);
    expect(heard.finals()).toEqual(said);
  });

  it('a connection that is lost meanwhile is not replaced before there is audio', async () => {
    const heard = listener();
    const stream = setup.speechWith().openLive(heard);
    const { said, say } = speaker(stream);
    say(3);
    stream.flush();
    await setup.untilFinal(heard, said);
    setup.engine.live.streams[0]?.break('half-open');
    await setup.untilLive(({ openNow }) => openNow === 0);
    expect(setup.log.lines.map(({ fields }) => fields.reason)).toEqual(['silent']);
    expect(setup.engine.live.streams).toHaveLength(1);
    say(3);
    stream.flush();
    await setup.untilFinal(heard, said);
    expect(heard.finals()).toEqual(said);
  });
});

it('captions switched off and on twice while somebody speaks lose nothing of what was said while they were on', async () => {
  const speech = setup.speechWith({ maxStreams: 1 });
  const closing: Promise<void>[] = [];
  const turns = [0, 1, 2].map((turn) => {
    const heard = listener();
    const turned = speaker(speech.openLive(heard), { atMs: turn * 2_000, number: turn * 100 });
    turned.say(15);
    closing.push(turned.close());
    return { heard, said: turned.said };
  });
  await setup.passing(Promise.all(closing));
  for (const { heard, said } of turns) {
    expect(heard.finals()).toEqual(said);
    expect(heard.states.at(-1)).toEqual({ state: 'ended', lostMs: 0 });
  }
});

it('who joined muted and speaks ten minutes later is transcribed from the first word on', async () => {
  const heard = listener();
  const stream = setup.speechWith().openLive(heard);
  await setup.clock.advance(600_000);
  const { said, say, flush } = speaker(stream, { atMs: 600_000, number: 0 });
  say(12);
  flush();
  await setup.untilFinal(heard, said);
  expect(heard.finals()).toEqual(said);
  expect(setup.engine.live.streams).toHaveLength(1);
});

describe('more speakers than sockets', () => {
  it('preempts the speaker who has been silent the longest, and no word is lost', async () => {
    const speech = setup.speechWith({ maxStreams: 2 });
    const people = [0, 1, 2].map((number) => {
      const heard = listener();
      const stream = speech.openLive(heard);
      return { heard, stream, ...speaker(stream, { atMs: 0, number: number * 1_000 }) };
    });
    const [first, second, third] = people as [(typeof people)[0], (typeof people)[0], (typeof people)[0]];
    first.say(3);
    await setup.untilLive(({ openNow }) => openNow === 1);
    second.say(3);
    await setup.untilLive(({ openNow }) => openNow === 2);
    await setup.clock.advance(1_000);
    // The second one speaks for as long as the third waits; the first has fallen silent.
    const stopTalking = setup.clock.every(20, () => second.say(1));
    third.say(3);
    await setup.clock.advanceUntil(
      () => third.heard.captions.length > 0 || setup.engine.live.streams.length === 3,
    );
    stopTalking();
    expect(setup.engine.live.streams[0]?.received.at(-1)).toBe('CloseStream');
    first.say(2);
    await setup.passing(Promise.all(people.map(({ stream }) => stream.close())));
    for (const { heard, said } of people) expect(heard.finals()).toEqual(said);
    expect(setup.engine.live.peakOpen).toBe(2);
  });

  it('gives each a turn when none is ever silent, and notifies of the delay', async () => {
    const speech = setup.speechWith({ maxStreams: 1 });
    const people = [0, 1, 2].map((number) => {
      const heard = listener();
      const stream = speech.openLive(heard);
      return { heard, stream, ...speaker(stream, { atMs: 0, number: number * 1_000 }) };
    });
    const stopTalking = setup.clock.every(20, () => {
      for (const { say } of people) say(1);
    });
    await setup.clock.advanceUntil(() => people.every(({ heard }) => heard.finals().length > 30));
    stopTalking();
    for (const { heard, said } of people) await setup.untilFinal(heard, said);
    await setup.passing(Promise.all(people.map(({ stream }) => stream.close())));
    // No word was cut, which an orderly end would have done.
    expect(setup.engine.live.streams.every(({ damaged }) => damaged === 0)).toBe(true);
    for (const { heard, said } of people) {
      expect(heard.finals()).toEqual(said);
      expect(heard.states).toContainEqual({ state: 'delayed', lostMs: 0 });
    }
    expect(setup.engine.live.peakOpen).toBe(1);
  });
});
