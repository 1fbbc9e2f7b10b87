import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LiveFault } from '../../sandbox/engine/scripted/index.ts';
import { type LiveSetup, listener, openLiveSetup, speaker } from '../speech/live/support.ts';

/**
 * Live sessions cut after every frame. No recordings of the vendor's live sessions are public, so these are sessions with
 * the scripted engine, whose messages `deepgram-live.test.ts` holds to the vendor's specification.
 */

let setup: LiveSetup;
beforeEach(async () => {
  setup = await openLiveSetup();
});
afterEach(() => setup.close());

/** A session as long as the engine needs for each kind of message, in real time. Returns what was heard and said. */
const session = async () => {
  const { clock } = setup;
  const heard = listener();
  const stream = setup.speechWith({ lingerMs: 4_000 }).openLive(heard);
  // Pieces end within words.
  const one = speaker(stream, { atMs: 2_000, number: 0 }, { pieceMs: () => 130, jitterMs: () => 5 });
  const speak = async (words: number): Promise<void> => {
    for (let i = 0; i < words; i += 1) {
      await clock.advance(100);
      one.say(1);
    }
  };
  const fallSilent = async (ms: number): Promise<void> => {
    await clock.advance(ms);
    one.pause(ms);
  };
  // A word, a sentence with a pause in it, and more than the engine keeps open without a final.
  await speak(1);
  await fallSilent(900);
  one.flush();
  await clock.advance(1_000);
  one.skip(1_000);
  await speak(14);
  await fallSilent(300);
  await speak(45);
  one.flush();
  // Longer than a silent speaker keeps the connection.
  await clock.advance(6_000);
  one.skip(6_000);
  await speak(12);
  await setup.passing(one.close());
  return { heard, said: one.said };
};

const expectEachWordOnce = ({ heard, said }: Awaited<ReturnType<typeof session>>): void => {
  expect(heard.finals().map(({ number }) => number)).toEqual(said.map(({ number }) => number));
  for (const [i, { startMs, endMs }] of heard.finals().entries()) {
    expect(Math.abs(startMs - said[i]!.startMs)).toBeLessThanOrEqual(100);
    expect(Math.abs(endMs - said[i]!.endMs)).toBeLessThanOrEqual(100);
  }
  // Every interim found its final.
  const ids = new Set(heard.captions.map(({ id }) => id));
  expect(heard.captions.filter(({ isFinal }) => isFinal).map(({ id }) => id)).toEqual([...ids]);
  expect(heard.states.every(({ lostMs }) => lostMs === 0)).toBe(true);
};

/** Runs a session once for each frame of its first connection, which breaks right after it, and so do the next ones. */
const cutEverywhere = async (what: LiveFault, connections: number): Promise<void> => {
  expectEachWordOnce(await session());
  const frames = setup.engine.live.streams[0]!.sent.length;
  expect(frames).toBeGreaterThan(10);
  for (let afterMessages = 1; afterMessages <= frames; afterMessages += 1) {
    await setup.close();
    setup = await openLiveSetup();
    const cut = { mode: 'transcribe', fault: { afterMessages, what } } as const;
    setup.engine.live.script(...Array.from({ length: connections }, () => cut));
    expectEachWordOnce(await session());
    expect(setup.engine.live.streams[0]!.brokenAtMs).not.toBeNull();
  }
};

describe('a live session', () => {
  it('whole, gives every final word exactly once', async () => {
    expectEachWordOnce(await session());
    expect(setup.engine.live.streams).toHaveLength(2);
  });

  it.each<LiveFault>(['kill', 'half-open', 'mute', 'fail', 'time-out'])(
    'cut by `%s` after every frame, gives every final word exactly once',
    (what) => cutEverywhere(what, 1),
  );

  it('cut after every frame of each of three connections, gives every final word exactly once', () =>
    cutEverywhere('kill', 3));

  it('with pauses that are never answered, gives every final word exactly once', async () => {
    setup.engine.live.setFallback(() => ({ mode: 'transcribe', finalize: 'unanswered' }));
    expectEachWordOnce(await session());
  });
});
